package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;

/**
 * A command that has ended.
 *
 * @param out its standard output
 * @param err its standard error
 */
record FerryRun(List<String> command, int exit, String out, String err) {

  /** It did what it should. */
  FerryRun succeeds() {
    return endsWith(ExitStatus.DONE.number());
  }

  /** It ended with that status. */
  FerryRun endsWith(int status) {
    assertThat(exit).as("exit status of %s", this).isEqualTo(status);
    return this;
  }

  /**
   * It failed, with that status and code, and told on standard error what happened and what to do.
   */
  FerryRun fails(int status, String code) {
    endsWith(status);
    List<String> lines = err.strip().lines().toList();
    assertThat(lines).as("last lines of %s", this).hasSizeGreaterThanOrEqualTo(2);
    assertThat(lines.get(lines.size() - 2)).startsWith("error").contains(" " + code + ": ");
    assertThat(lines.get(lines.size() - 1)).matches("hint: .*\\S.*\\.");
    assertThat(err).as("no stack trace").doesNotContain("\tat ");
    JsonObject error = error();
    assertThat(error.get("code").getAsString()).isEqualTo(code);
    assertThat(error.get("exit").getAsInt()).isEqualTo(status);
    assertThat(result().get("exit").getAsInt()).isEqualTo(status);
    assertThat(result().get("ok").getAsBoolean()).isFalse();
    return this;
  }

  /** The message of its failure. */
  String message() {
    return error().get("message").getAsString();
  }

  /** What to do about its failure. */
  String hint() {
    return error().get("hint").getAsString();
  }

  private JsonObject error() {
    List<JsonObject> errors = lines("error");
    assertThat(errors).as("errors of %s", this).hasSize(1);
    return errors.get(0);
  }

  /** Its result: the last line, and the only one of that type. */
  JsonObject result() {
    List<JsonObject> results = lines("result");
    assertThat(results).as("results of %s", this).hasSize(1);
    assertThat(out.strip()).endsWith(results.get(0).toString());
    return results.get(0);
  }

  /** A member of the result that is text or a number. */
  String value(String member) {
    return result().get(member).getAsString();
  }

  /** All lines of that type. */
  List<JsonObject> lines(String type) {
    return out.lines()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .filter(line -> line.get("type").getAsString().equals(type))
        .toList();
  }

  @Override
  public String toString() {
    return "%s%nexit %d%n%s%n%s".formatted(String.join(" ", command), exit, out, err);
  }
}
