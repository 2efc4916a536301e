package io.milvusferry.cli;

import com.google.gson.JsonObject;
import io.milvusferry.cli.output.Console;
import io.milvusferry.cli.output.Report;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;

/**
 * Says how a command ended, and with which status. The last lines on standard error are the failure
 * and what to do about it.
 *
 * @param json whether standard output takes JSON Lines, of which the result is the last
 */
record Ending(Console console, String command, boolean json, boolean stacktrace) {

  /** The command came to its end. */
  int report(Report report) {
    report.findings().forEach(this::finding);
    Optional<FerryException> failure = report.failure();
    int status = failure.map(Ending::status).orElse(ExitStatus.DONE.number());
    status = report.exit().orElse(status);
    if (json) {
      if (failure.isPresent()) {
        console.result(error(failure.get(), status));
      }
      JsonObject result = result(status);
      report.describe(result);
      console.result(result);
    } else {
      report.lines().forEach(console::result);
    }
    failure.ifPresent(this::explain);
    return status;
  }

  /**
   * The command failed.
   *
   * @param stopped the status if a signal stopped it
   */
  int failure(Throwable cause, Optional<ExitStatus> stopped) {
    if (stopped.isPresent()) {
      return stopped(stopped.get(), cause);
    }
    FerryException failure = understood(cause);
    int status = status(failure);
    if (json) {
      console.result(error(failure, status));
      console.result(result(status));
    }
    explain(failure);
    return status;
  }

  private static int status(FerryException failure) {
    return ExitStatus.of(failure.code().category()).number();
  }

  private int stopped(ExitStatus status, Throwable cause) {
    FerryException stop =
        new FerryException(
            ErrorCode.INTERRUPTED,
            status.meaning(),
            "Run the same command again to resume.",
            cause);
    if (json) {
      console.result(error(stop, status.number()));
      console.result(result(status.number()));
    }
    trace(cause);
    console.message("stopped; run the same command again to resume");
    return status.number();
  }

  private void finding(Report.Finding finding) {
    if (json) {
      JsonObject line = new JsonObject();
      line.addProperty("type", "finding");
      finding.members().entrySet().forEach(entry -> line.add(entry.getKey(), entry.getValue()));
      line.addProperty("message", finding.text());
      console.result(line);
    } else {
      console.result("finding    " + finding.text());
    }
  }

  private JsonObject error(FerryException failure, int status) {
    JsonObject line = new JsonObject();
    line.addProperty("type", "error");
    line.addProperty("code", failure.code().code());
    line.addProperty("exit", status);
    line.addProperty(
        "retryable", failure.code().retryable() || status == ExitStatus.TEMPORARY.number());
    line.addProperty("message", oneLine(failure.getMessage()));
    line.addProperty("hint", failure.hint());
    return line;
  }

  private JsonObject result(int status) {
    JsonObject result = new JsonObject();
    result.addProperty("type", "result");
    result.addProperty("command", command);
    result.addProperty("ok", status == ExitStatus.DONE.number());
    result.addProperty("exit", status);
    return result;
  }

  private void explain(FerryException failure) {
    trace(failure);
    console.message(
        "error", " %s: %s".formatted(failure.code().code(), oneLine(failure.getMessage())));
    console.message("hint: " + oneLine(failure.hint()));
  }

  private void trace(Throwable cause) {
    if (stacktrace) {
      StringWriter trace = new StringWriter();
      cause.printStackTrace(new PrintWriter(trace));
      console.message(trace.toString().stripTrailing());
    }
  }

  /** Every failure as one that a user understands. */
  private static FerryException understood(Throwable cause) {
    for (Throwable link = cause; link != null; link = link.getCause()) {
      if (link instanceof OutOfMemoryError) {
        return new FerryException(
            ErrorCode.OUT_OF_MEMORY,
            "out of memory, with a heap of at most %d MB"
                .formatted(Runtime.getRuntime().maxMemory() / 1_000_000),
            "Give it more with FERRY_JAVA_OPTS=-Xmx4g and run the same command again; it resumes.",
            cause);
      }
    }
    if (cause instanceof FerryException known) {
      return known;
    }
    return new FerryException(
        ErrorCode.BUG,
        "unexpected %s: %s".formatted(cause.getClass().getSimpleName(), cause.getMessage()),
        "This is a defect of ferry. Run it again with --stacktrace, and report what it prints.",
        cause);
  }

  private static String oneLine(@org.jspecify.annotations.Nullable String text) {
    return String.valueOf(text).strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
