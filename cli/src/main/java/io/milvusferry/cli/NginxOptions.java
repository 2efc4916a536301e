package io.milvusferry.cli;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.migration.live.NginxSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** An Nginx that splits reads. */
final class NginxOptions {
  @Option(
      names = "--nginx-include",
      paramLabel = "FILE",
      description =
          "Let Nginx split reads instead of the gateway: the file that it includes, which ferry"
              + " alone writes. Remembered from then on.")
  @Nullable Path include;

  @Option(
      names = "--nginx-log",
      paramLabel = "FILE",
      description = "Its access log, in the format 'ferry' that the file defines.")
  @Nullable Path log;

  @Option(
      names = "--nginx-command",
      paramLabel = "COMMAND",
      defaultValue = "nginx",
      description = "How Nginx is run, such as 'sudo nginx'; default: ${DEFAULT-VALUE}.")
  String command = "nginx";

  /**
   * The Nginx that is meant.
   *
   * @throws FerryException {@link ErrorCode#USAGE} if only one of its files is given
   */
  Optional<NginxSettings> settings() {
    Path file = include;
    Path observed = log;
    if ((file == null) != (observed == null)) {
      throw new FerryException(
          ErrorCode.USAGE,
          "--nginx-include and --nginx-log go together",
          "Give both: the file that ferry writes, and the log that it reads errors from.",
          null);
    }
    return file == null || observed == null
        ? Optional.empty()
        : Optional.of(
            new NginxSettings(
                file.toAbsolutePath(),
                observed.toAbsolutePath(),
                List.of(command.strip().split("\\s+", -1))));
  }
}
