package io.milvusferry.gateway.admin;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.gateway.GatewayControl;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Lets a gateway be steered and watched over HTTP on the loopback interface.
 *
 * <p>{@code GET /health}, {@code /ready} and {@code /metrics} are for everybody on this machine;
 * what changes something needs the token that lies in the state directory.
 */
public final class AdminServer implements AutoCloseable {
  private static final int LARGEST_REQUEST = 16 << 20;
  private static final int TOKEN_BYTES = 24;
  private static final int THREADS = 8;

  private final HttpServer server;
  private final ExecutorService threads;
  private final GatewayControl control;
  private final byte[] authorization;

  private AdminServer(HttpServer server, GatewayControl control, String token) {
    this.server = server;
    this.control = control;
    this.authorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    this.threads = Executors.newFixedThreadPool(THREADS);
  }

  /**
   * Starts to answer, and writes the address and a new token into the state directory.
   *
   * @param metrics what {@code /metrics} answers, in the text format of Prometheus
   */
  public static AdminServer start(Path state, GatewayControl control, Supplier<String> metrics) {
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    String token = HexFormat.of().formatHex(random);
    HttpServer http;
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw LocalFailure.of(e, state);
    }
    AdminServer admin = new AdminServer(http, control, token);
    http.setExecutor(admin.threads);
    http.createContext("/health", exchange -> send(exchange, 200, "text/plain", "ok\n"));
    http.createContext("/ready", admin::ready);
    http.createContext(
        "/metrics", exchange -> send(exchange, 200, "text/plain; version=0.0.4", metrics.get()));
    for (AdminCall call : AdminCall.values()) {
      http.createContext(call.path(), exchange -> admin.call(call, exchange));
    }
    http.start();
    new AdminAddress(http.getAddress().getPort(), token).write(state);
    return admin;
  }

  /** The port on the loopback interface. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Stops at once; the file in the state directory stays. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void ready(HttpExchange exchange) throws IOException {
    boolean ready = control.status().ready();
    send(exchange, ready ? 200 : 503, "text/plain", ready ? "ready\n" : "warming up\n");
  }

  private void call(AdminCall call, HttpExchange exchange) throws IOException {
    String given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    if (!MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), authorization)) {
      fail(exchange, 401, refusal(ErrorCode.SERVER_CREDENTIALS, "the token is wrong"));
      return;
    }
    JsonElement answer;
    try (InputStream body = exchange.getRequestBody()) {
      String text = new String(body.readNBytes(LARGEST_REQUEST), StandardCharsets.UTF_8);
      answer = call.answer(control, JsonParser.parseString(text).getAsJsonObject());
    } catch (FerryException e) {
      fail(exchange, 409, e);
      return;
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | NullPointerException e) {
      fail(exchange, 400, refusal(ErrorCode.BUG, "the request cannot be read: " + e));
      return;
    }
    send(exchange, 200, "application/json", answer.toString());
  }

  private static FerryException refusal(ErrorCode code, String message) {
    return new FerryException(code, message, "Use the ferry that started the gateway.", null);
  }

  private static void fail(HttpExchange exchange, int status, FerryException failure)
      throws IOException {
    JsonObject object = new JsonObject();
    object.addProperty("error", failure.code().name());
    object.addProperty("message", failure.getMessage());
    object.addProperty("hint", failure.hint());
    send(exchange, status, "application/json", object.toString());
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    // Once too many connections idle, the server drops one that its client is about to use again.
    exchange.getResponseHeaders().set("Connection", "close");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
