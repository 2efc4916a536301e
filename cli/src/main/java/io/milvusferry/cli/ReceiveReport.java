package io.milvusferry.cli;

import com.google.gson.JsonObject;
import io.milvusferry.cli.output.Report;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.ByteSize;
import io.milvusferry.transfer.ReceiveResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code ferry receive} did. */
record ReceiveReport(Path directory, ReceiveResult result) implements Report {
  @Override
  public List<String> lines() {
    if (!(result instanceof ReceiveResult.Received received)) {
      return List.of();
    }
    return List.of(content(received), "next:  ferry import %s --into TARGET".formatted(directory));
  }

  /** The line without the advice what to do next. */
  String content(ReceiveResult.Received received) {
    return "archive %s received and valid   id %s   %d chunks   %s, of which %s fetched now"
        .formatted(
            directory,
            received.archiveId().hex(),
            received.chunks(),
            new ByteSize(received.rawBytes()),
            new ByteSize(received.bytesFetched()));
  }

  @Override
  public List<Finding> findings() {
    if (!(result instanceof ReceiveResult.Damaged damaged)) {
      return List.of();
    }
    return damaged.damaged().stream()
        .map(
            chunk -> {
              JsonObject members = new JsonObject();
              members.addProperty("kind", "chunk");
              members.addProperty("chunk", chunk.index());
              members.addProperty("rejected", chunk.rejected());
              return new Finding("chunk %d: %s".formatted(chunk.index(), chunk.problem()), members);
            })
        .toList();
  }

  @Override
  public void describe(JsonObject json) {
    json.addProperty("archive", directory.toString());
    json.addProperty("archiveId", result.archiveId().hex());
    json.addProperty("bundle", result.bundle());
    if (result instanceof ReceiveResult.Received received) {
      json.addProperty("chunks", received.chunks());
      json.addProperty("bytes", Long.toString(received.rawBytes()));
      json.addProperty("wireBytes", Long.toString(received.wireBytes()));
      json.addProperty("bytesFetched", Long.toString(received.bytesFetched()));
      json.addProperty("connections", received.connections());
    }
  }

  @Override
  public Optional<FerryException> failure() {
    if (!(result instanceof ReceiveResult.Damaged damaged)) {
      return Optional.empty();
    }
    return Optional.of(
        new FerryException(
            ErrorCode.CHUNKS_DAMAGED,
            "%d chunks of %s are damaged: %s"
                .formatted(damaged.damaged().size(), damaged.bundle(), damaged.again()),
            "Run ferry ship with --again %s on the other side, then this command again."
                .formatted(damaged.again()),
            null));
  }
}
