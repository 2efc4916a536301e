package io.milvusferry.gateway.admin;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.FailedWrite;
import io.milvusferry.gateway.GatewayControl;
import io.milvusferry.gateway.GatewayStatus;
import io.milvusferry.gateway.MirrorStatus;
import io.milvusferry.gateway.Reconciled;
import io.milvusferry.gateway.RepairScope;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.Key;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Steers the gateway of a state directory from another process. */
public final class AdminClient implements GatewayControl {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final Path state;

  private AdminClient(Path state) {
    this.state = state;
  }

  /**
   * Finds the gateway.
   *
   * @param state the state directory that it was started with
   * @throws FerryException {@code GATEWAY_UNREACHABLE} unless it answers
   */
  public static AdminClient open(Path state) {
    AdminClient client = new AdminClient(state);
    GatewayStatus answered = client.status();
    if (answered.version().isEmpty()) {
      throw client.unreachable("its answer names no version", null);
    }
    return client;
  }

  @Override
  public GatewayStatus status() {
    return StatusJson.gateway(call(AdminCall.STATUS, new JsonObject()).getAsJsonObject());
  }

  @Override
  public MirrorStatus mirror(CollectionName collection) {
    return mirrored(AdminCall.MIRROR, of(collection));
  }

  @Override
  public MirrorStatus replay(CollectionName collection, boolean running) {
    JsonObject request = of(collection);
    request.addProperty("running", running);
    return mirrored(AdminCall.REPLAY, request);
  }

  @Override
  public MirrorStatus readWeight(CollectionName collection, int percent) {
    JsonObject request = of(collection);
    request.addProperty("percent", percent);
    return mirrored(AdminCall.READ_WEIGHT, request);
  }

  @Override
  public MirrorStatus shadow(CollectionName collection, int percent) {
    JsonObject request = of(collection);
    request.addProperty("percent", percent);
    return mirrored(AdminCall.SHADOW, request);
  }

  @Override
  public MirrorStatus resetReads(CollectionName collection) {
    return mirrored(AdminCall.RESET_READS, of(collection));
  }

  @Override
  public Reconciled reconcile(
      CollectionName collection, String partition, List<Key> keys, RepairScope scope) {
    JsonObject request = of(collection);
    request.addProperty("partition", partition);
    request.add("keys", KeyJson.write(keys));
    request.add("scope", StatusJson.write(scope));
    return StatusJson.reconciled(call(AdminCall.RECONCILE, request).getAsJsonObject());
  }

  @Override
  public MirrorStatus clean(CollectionName collection) {
    return mirrored(AdminCall.CLEAN, of(collection));
  }

  @Override
  public MirrorStatus direct(CollectionName collection, Direction direction) {
    JsonObject request = of(collection);
    request.addProperty("direction", direction.name());
    return mirrored(AdminCall.DIRECT, request);
  }

  @Override
  public void forget(CollectionName collection) {
    call(AdminCall.FORGET, of(collection));
  }

  @Override
  public List<FailedWrite> failedWrites(CollectionName collection) {
    return StatusJson.failedWrites(call(AdminCall.FAILED_WRITES, of(collection)).getAsJsonArray());
  }

  @Override
  public MirrorStatus retryFailed(CollectionName collection) {
    return mirrored(AdminCall.RETRY_FAILED, of(collection));
  }

  @Override
  public void close() {}

  private static JsonObject of(CollectionName collection) {
    JsonObject request = new JsonObject();
    request.add("collection", StatusJson.name(collection));
    return request;
  }

  private MirrorStatus mirrored(AdminCall call, JsonObject request) {
    return StatusJson.mirror(call(call, request).getAsJsonObject());
  }

  /** The address is read anew for each call: a gateway that was started again has another. */
  private JsonElement call(AdminCall call, JsonObject body) {
    AdminAddress address = AdminAddress.read(state);
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://%s:%d%s"
                        .formatted(
                            InetAddress.getLoopbackAddress().getHostAddress(),
                            address.port(),
                            call.path())))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + address.token())
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    HttpResponse<String> response;
    JsonElement answer;
    try {
      response = http.send(request, HttpResponse.BodyHandlers.ofString());
      answer = JsonParser.parseString(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED,
          "waiting for the gateway was stopped",
          "Run the same command again; it resumes.",
          e);
    } catch (IOException | JsonParseException e) {
      throw unreachable(reason(e), e);
    }
    if (response.statusCode() != 200) {
      throw failure(answer);
    }
    return answer;
  }

  private FerryException failure(JsonElement answer) {
    if (!answer.isJsonObject() || !answer.getAsJsonObject().has("error")) {
      return unreachable("something else answers there", null);
    }
    JsonObject error = answer.getAsJsonObject();
    return new FerryException(
        ErrorCode.valueOf(error.get("error").getAsString()),
        error.get("message").getAsString(),
        error.get("hint").getAsString(),
        null);
  }

  /** A refused connection comes without a message. */
  private static String reason(Exception e) {
    String message = e.getMessage();
    return message != null
        ? message
        : e instanceof ConnectException ? "nobody listens there" : e.getClass().getSimpleName();
  }

  private FerryException unreachable(
      String reason, @org.jspecify.annotations.Nullable Exception e) {
    return new FerryException(
        ErrorCode.GATEWAY_UNREACHABLE,
        "the gateway of %s does not answer: %s".formatted(state, reason),
        "Start ferry gateway with --state %s, then run the same command again.".formatted(state),
        e);
  }
}
