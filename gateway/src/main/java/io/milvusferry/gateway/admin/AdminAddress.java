package io.milvusferry.gateway.admin;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.manifest.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where a gateway is steered, and the token that proves the right to: what can read the state
 * directory has it.
 *
 * @param port on the loopback interface
 */
record AdminAddress(int port, String token) {
  private static final String FILE = "admin.json";

  /**
   * Reads what the gateway of a state directory wrote.
   *
   * @throws FerryException {@code GATEWAY_UNREACHABLE} when no gateway ever ran there
   */
  static AdminAddress read(Path state) {
    Path file = state.resolve(FILE);
    try {
      JsonObject object = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      return new AdminAddress(object.get("port").getAsInt(), object.get("token").getAsString());
    } catch (NoSuchFileException e) {
      throw new FerryException(
          ErrorCode.GATEWAY_UNREACHABLE,
          "no gateway has run with the state directory " + state,
          "Start ferry gateway with --state %s, or name the directory it was started with."
              .formatted(state),
          e);
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      throw new FerryException(
          ErrorCode.GATEWAY_UNREACHABLE,
          "%s does not say where the gateway is steered".formatted(file),
          "Start the gateway again; it writes the file anew.",
          e);
    }
  }

  /** Writes it for this user alone. */
  void write(Path state) {
    Path file = state.resolve(FILE);
    JsonObject object = new JsonObject();
    object.addProperty("port", port);
    object.addProperty("token", token);
    try {
      // The partial file bears the permissions before it bears the token.
      Path partial = AtomicFile.partial(file);
      Files.deleteIfExists(partial);
      Files.createFile(
          partial,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      AtomicFile.write(file, object.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
  }
}
