package io.milvusferry.cli;

import com.google.gson.JsonObject;
import io.milvusferry.cli.output.Report;
import io.milvusferry.error.FerryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a command says that does two things one after the other. In the result the later one speaks
 * last: where both have a member, its value counts.
 */
record JoinedReport(Report first, Report second) implements Report {
  @Override
  public List<String> lines() {
    List<String> lines =
        new ArrayList<>(first.lines().stream().filter(line -> !line.startsWith("next:")).toList());
    lines.addAll(second.lines());
    return lines;
  }

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(first.findings());
    findings.addAll(second.findings());
    return findings;
  }

  @Override
  public void describe(JsonObject result) {
    first.describe(result);
    second.describe(result);
  }

  @Override
  public Optional<FerryException> failure() {
    return second.failure().or(first::failure);
  }

  @Override
  public OptionalInt exit() {
    return second.failure().isPresent() ? second.exit() : first.exit();
  }
}
