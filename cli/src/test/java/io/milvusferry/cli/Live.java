package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.connector.MilvusConnection;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.testkit.CollectionDescriptions;
import io.milvusferry.testkit.SampleRows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The two real servers, with collections whose names only this test uses. */
final class Live implements AutoCloseable {
  /** Long enough for a server under load. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Rows of one insert; a few megabytes. */
  private static final int BATCH = 5_000;

  private final MilvusServer source = connect("FERRY_IT_SOURCE");
  private final MilvusServer target = connect("FERRY_IT_TARGET");
  private final String prefix = "it_rt_" + Long.toString(System.nanoTime(), 36) + "_";

  /** A variable of the environment, without which no live test can run. */
  static String variable(String name) {
    @Nullable String value = System.getenv(name);
    return Objects.requireNonNull(value, name + " is not set; scripts/test sets it");
  }

  private static MilvusServer connect(String variable) {
    return MilvusConnection.open(ConnectionSettings.parse(variable(variable)));
  }

  MilvusServer source() {
    return source;
  }

  MilvusServer target() {
    return target;
  }

  static String sourceUri() {
    return variable("FERRY_IT_SOURCE");
  }

  static String targetUri() {
    return variable("FERRY_IT_TARGET");
  }

  /** A path on the SFTP server, as the command takes it. */
  static String sftp(Path directory) {
    return variable("FERRY_IT_SFTP_URI") + directory;
  }

  /** A directory that the SFTP server serves. */
  static Path sftpDirectory() {
    return Path.of(variable("FERRY_IT_SFTP_DIR"));
  }

  static Path sshKey() {
    return Path.of(variable("FERRY_IT_SFTP_KEY"));
  }

  static Path knownHosts() {
    return Path.of(variable("FERRY_IT_SFTP_KNOWN_HOSTS"));
  }

  /** Selects all collections of this test. */
  String all() {
    return prefix + "*";
  }

  CollectionName name(String suffix) {
    return new CollectionName(CollectionName.DEFAULT_DATABASE, prefix + suffix);
  }

  /** Makes a collection of that schema on the source, indexes and loads it, without rows. */
  CollectionName create(String suffix, CollectionSchema schema, String... partitions) {
    return create(source, name(suffix), schema, partitions);
  }

  static CollectionName create(
      MilvusServer server, CollectionName name, CollectionSchema schema, String... partitions) {
    CollectionDescription description = CollectionDescriptions.of(name, schema);
    server.target(name).create(description, Map.of());
    for (String partition : partitions) {
      server.target(name).createPartition(partition);
    }
    IndexSpec index = CollectionDescriptions.flatIndex(vector(schema));
    server.target(name).createIndex(index);
    server.source(name).load(1, PATIENCE);
    return name;
  }

  private static FieldSpec vector(CollectionSchema schema) {
    return schema.fields().stream()
        .filter(field -> field.type().isDenseVector())
        .findFirst()
        .orElseThrow();
  }

  /** Inserts rows on the source, with keys from {@code first} on. */
  void fill(CollectionName name, String partition, SampleRows rows, long first, int count) {
    CollectionSchema schema = source.source(name).schema();
    for (int done = 0; done < count; done += BATCH) {
      RecordBatch batch = rows.rows(schema, first + done, Math.min(BATCH, count - done));
      source
          .target(name)
          .insert(partition, schema.primaryKey().autoId() ? withoutKey(batch) : batch);
    }
  }

  private static RecordBatch withoutKey(RecordBatch batch) {
    int key = 0;
    while (!batch.fields().get(key).primaryKey()) {
      key++;
    }
    List<FieldSpec> fields = new java.util.ArrayList<>(batch.fields());
    List<io.milvusferry.record.Column> columns = new java.util.ArrayList<>(batch.columns());
    fields.remove(key);
    columns.remove(key);
    return new RecordBatch(fields, columns, batch.rows());
  }

  /** The target has exactly so many rows, by its own count. */
  void assertTargetHas(CollectionName name, long rows) {
    assertThat(target.source(name).count()).as("rows of %s", name).contains(rows);
  }

  /** Drops what this test made on the target. */
  void clearTarget() {
    drop(target);
  }

  private void drop(MilvusServer server) {
    for (CollectionName name : server.collections(CollectionName.DEFAULT_DATABASE)) {
      if (name.name().startsWith(prefix)) {
        server.source(name).release();
        server.target(name).drop();
      }
    }
  }

  /** Drops what this test made on both servers. */
  @Override
  public void close() {
    try (source;
        target) {
      drop(source);
      drop(target);
    }
  }
}
