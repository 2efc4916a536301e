package io.milvusferry.connector;

import io.milvus.grpc.GetImportStateRequest;
import io.milvus.grpc.GetImportStateResponse;
import io.milvus.grpc.ListImportTasksRequest;
import io.milvus.grpc.ListImportTasksResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What a server says about its bulk imports. */
final class ImportTasks {
  private final ServerChannel channel;
  private final String database;

  ImportTasks(ServerChannel channel, String database) {
    this.channel = channel;
    this.database = database;
  }

  /** All tasks that the server remembers, of all collections of the database. */
  List<ImportTask> all() {
    ListImportTasksRequest request =
        ListImportTasksRequest.newBuilder().setDbName(database).build();
    ListImportTasksResponse answer =
        channel.callUnbroken(
            database,
            "ListImportTasks",
            stub -> stub.listImportTasks(request),
            ListImportTasksResponse::getStatus);
    return answer.getTasksList().stream().map(ImportTasks::translate).toList();
  }

  ImportTask one(long id) {
    GetImportStateRequest request = GetImportStateRequest.newBuilder().setTask(id).build();
    return translate(
        channel.callUnbroken(
            database,
            "GetImportState of task " + id,
            stub -> stub.getImportState(request),
            GetImportStateResponse::getStatus));
  }

  private static ImportTask translate(GetImportStateResponse answer) {
    Map<String, String> infos = SchemaTranslator.map(answer.getInfosList());
    String files = infos.getOrDefault("files", "");
    return new ImportTask(
        answer.getId(),
        state(answer),
        percent(infos.getOrDefault("progress_percent", "0")),
        answer.getRowCount(),
        infos.getOrDefault("failed_reason", ""),
        files.isEmpty() ? List.of() : Arrays.asList(files.split(",")),
        infos.getOrDefault("collection", ""),
        infos.getOrDefault("partition", ""),
        answer.getCollectionId(),
        answer.getCreateTs(),
        answer.getSegmentIdsList());
  }

  private static ImportTask.State state(GetImportStateResponse answer) {
    return switch (answer.getState()) {
      case ImportCompleted -> ImportTask.State.DONE;
      case ImportFailed, ImportFailedAndCleaned -> ImportTask.State.FAILED;
      case ImportPending -> ImportTask.State.PENDING;
      default -> ImportTask.State.RUNNING;
    };
  }

  private static int percent(String text) {
    return text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
  }
}
