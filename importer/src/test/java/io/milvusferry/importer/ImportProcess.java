package io.milvusferry.importer;

import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.connector.MilvusConnection;
import io.milvusferry.manifest.NameFilter;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.signature.OriginCheck;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Random;

/**
 * An import in a process of its own, so that it can be killed. Arguments: archive, address, state
 * directory, staging or {@code none}, new name of the only collection. Prints the status of the
 * collection; the exit status is 0 if it is proven.
 */
final class ImportProcess {
  private ImportProcess() {}

  public static void main(String[] arguments) {
    Staging staging =
        arguments[3].equals("none") ? new Staging.None() : Staging.parse(arguments[3]);
    try (MilvusConnection target = MilvusConnection.open(ConnectionSettings.parse(arguments[1]))) {
      ImportResult result =
          new Importer(Clock.systemUTC(), new Random())
              .importArchive(
                  new ImportRequest(
                      Path.of(arguments[0]),
                      target,
                      arguments[1],
                      Path.of(arguments[2]),
                      NameFilter.ALL,
                      new TargetNames(Map.of("products", arguments[4]), ""),
                      staging,
                      OnExisting.FAIL,
                      Publish.DIRECT,
                      AutoId.KEEP_KEYS,
                      false,
                      true,
                      OriginCheck.NONE,
                      printing()));
      CollectionResult collection = result.collections().get(0);
      print(
          "%s, %d bulk, %d inserted, %s, %s"
              .formatted(
                  collection.status(),
                  collection.bulkRows(),
                  collection.insertedRows(),
                  collection.proof().summary(),
                  result.totalTimes()));
      result.failure().ifPresent(failure -> print(failure.code() + " " + failure.getMessage()));
      System.exit(result.proven() ? 0 : 1);
    }
  }

  private static ProgressSink printing() {
    return new ProgressSink() {
      @Override
      public void started(String task, long totalRows, long totalBytes) {}

      @Override
      public void advanced(String task, long rows, long bytes) {
        print("advanced %s %d".formatted(task, rows));
      }

      @Override
      public void finished(String task) {}

      @Override
      public void notice(String text) {
        print("notice: " + text);
      }
    };
  }

  private static void print(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
