package io.milvusferry.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.milvusferry.cli.output.Report;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the command on the other side printed, and how it ended.
 *
 * @param output lines of its standard output
 */
record ThenReport(String command, int status, List<String> output) implements Report {
  /** Lines of such types were of use while the command ran. */
  private static final Set<String> PASSING = Set.of("start", "progress");

  ThenReport {
    output = List.copyOf(output);
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("then    %s   exit %d".formatted(command, status));
    lines.addAll(output);
    return lines;
  }

  @Override
  public void describe(JsonObject result) {
    JsonObject then = new JsonObject();
    then.addProperty("command", command);
    then.addProperty("exit", status);
    JsonArray rest = new JsonArray();
    for (String line : output) {
      Optional<JsonObject> spoken = json(line);
      String type = spoken.map(ThenReport::type).orElse("");
      if (type.equals("result")) {
        then.add("result", spoken.orElseThrow());
      } else if (!PASSING.contains(type)) {
        rest.add(line);
      }
    }
    then.add("output", rest);
    result.add("then", then);
  }

  /** The line as one of a command that was told {@code --json}. */
  private static Optional<JsonObject> json(String line) {
    if (!line.startsWith("{")) {
      return Optional.empty();
    }
    try {
      return Optional.of(JsonParser.parseString(line).getAsJsonObject());
    } catch (JsonParseException | IllegalStateException expected) {
      return Optional.empty(); // any other text
    }
  }

  private static String type(JsonObject line) {
    JsonElement type = line.get("type");
    return type != null && type.isJsonPrimitive() ? type.getAsString() : "";
  }

  @Override
  public Optional<FerryException> failure() {
    return status == 0
        ? Optional.empty()
        : Optional.of(
            new FerryException(
                ErrorCode.REMOTE_COMMAND_FAILED,
                "the archive is shipped, and the command on the other side ended with status %d: %s"
                    .formatted(status, command),
                "See what it printed. The same command sends nothing twice, and runs it again.",
                null));
  }

  @Override
  public OptionalInt exit() {
    return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
  }
}
