package io.milvusferry.cli;

import com.google.gson.JsonObject;
import io.milvusferry.cli.output.Report;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.ByteSize;
import io.milvusferry.verify.VerificationReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code ferry verify} found. */
record VerifyReport(Path archive, VerificationReport report) implements Report {
  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "archive %s %s   id %s   %d files   %s"
            .formatted(
                archive,
                report.valid() ? "valid" : "NOT valid, " + report.verdict(),
                report.archiveId().hex(),
                report.files(),
                new ByteSize(report.bytes())));
    lines.addAll(Origins.lines(report.origin()));
    return lines;
  }

  @Override
  public List<Finding> findings() {
    return report.findings().stream().map(JsonFindings::of).toList();
  }

  @Override
  public void describe(JsonObject result) {
    result.addProperty("archive", archive.toString());
    result.addProperty("archiveId", report.archiveId().hex());
    result.addProperty("complete", report.complete());
    result.addProperty("valid", report.valid());
    result.addProperty("files", Long.toString(report.files()));
    result.addProperty("bytes", Long.toString(report.bytes()));
    Origins.describe(result, report.origin());
    result.addProperty("findings", report.findings().size());
  }

  @Override
  public Optional<FerryException> failure() {
    return report.valid()
        ? Optional.empty()
        : Optional.of(
            new FerryException(
                ErrorCode.ARCHIVE_DAMAGED,
                "archive %s is not valid: %d findings, the first: %s"
                    .formatted(
                        archive, report.findings().size(), report.findings().get(0).message()),
                "Receive or export it again; do not import it.",
                null));
  }
}
