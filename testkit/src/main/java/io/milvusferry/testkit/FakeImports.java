package io.milvusferry.testkit;

import io.milvusferry.connector.ImportTask;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.record.RecordBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The bulk imports of a {@link FakeMilvus}. Each time that a task is looked at, it goes one step
 * on: pending, running, then done or failed. Guarded by the lock of its server.
 */
final class FakeImports {
  private final Map<Long, Running> tasks = new LinkedHashMap<>();

  /** A task and what it is going to be. */
  private static final class Running {
    final FakeCollection collection;
    final CollectionName name;
    final FakeMilvus.ImportFate fate;
    ImportTask task;
    int looks;

    Running(
        FakeCollection collection,
        CollectionName name,
        FakeMilvus.ImportFate fate,
        ImportTask task) {
      this.collection = collection;
      this.name = name;
      this.fate = fate;
      this.task = task;
    }
  }

  void submit(
      CollectionName name,
      FakeCollection collection,
      FakeMilvus.ImportFate fate,
      ImportTask pending) {
    tasks.put(pending.id(), new Running(collection, name, fate, pending));
  }

  void clear() {
    tasks.clear();
  }

  /** The task after one more step. */
  Optional<ImportTask> look(long id, BulkReader reader) {
    Running running = tasks.get(id);
    if (running == null) {
      return Optional.empty();
    }
    step(running, reader);
    return Optional.of(running.task);
  }

  /** All tasks of a database as they are. */
  List<ImportTask> list(String database) {
    List<ImportTask> all = new ArrayList<>();
    for (Running running : tasks.values()) {
      if (running.name.database().equals(database)) {
        all.add(running.task);
      }
    }
    return all;
  }

  private static void step(Running running, BulkReader reader) {
    if (running.task.state() == ImportTask.State.DONE
        || running.task.state() == ImportTask.State.FAILED) {
      return;
    }
    running.looks++;
    if (running.looks <= running.fate.looksPending()) {
      return;
    }
    if (!running.fate.reason().isEmpty()) {
      running.task = with(running.task, ImportTask.State.FAILED, 0, running.fate.reason());
      return;
    }
    long rows = 0;
    try {
      List<RecordBatch> batches =
          reader.read(
              Path.of(running.task.files().get(0)), running.collection.description().schema());
      for (RecordBatch batch : batches) {
        running.collection.insert(running.task.partition(), batch);
        rows += batch.rows();
      }
    } catch (IOException e) {
      running.task = with(running.task, ImportTask.State.FAILED, 0, String.valueOf(e.getMessage()));
      return;
    }
    running.collection.flush();
    running.task = with(running.task, ImportTask.State.DONE, rows, "");
  }

  private static ImportTask with(
      ImportTask task, ImportTask.State state, long rows, String reason) {
    return new ImportTask(
        task.id(),
        state,
        state == ImportTask.State.DONE ? 100 : task.progressPercent(),
        rows,
        reason,
        task.files(),
        task.collection(),
        task.partition(),
        task.collectionId(),
        task.createdSeconds(),
        task.segmentIds());
  }
}
