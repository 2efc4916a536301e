package io.milvusferry.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvusferry.cli.output.Report;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.ByteSize;
import io.milvusferry.transfer.ReceiveResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code ferry receive} did. */
record ReceiveReport(Path directory, ReceiveResult result) implements Report {
  @Override
  public List<String> lines() {
    if (result instanceof ReceiveResult.Incomplete incomplete) {
      return incomplete.missing().stream().map(missing -> "missing    " + text(missing)).toList();
    }
    if (!(result instanceof ReceiveResult.Received received)) {
      return List.of();
    }
    List<String> lines = new ArrayList<>(List.of(content(received)));
    lines.addAll(Origins.lines(received.origin()));
    lines.add("next:  ferry import %s --into TARGET".formatted(directory));
    return lines;
  }

  /** The line without the advice what to do next. */
  String content(ReceiveResult.Received received) {
    return "archive %s received and valid   id %s   %s   %s, of which %s fetched now"
        .formatted(
            directory,
            received.archiveId().hex(),
            chunks(received.chunks()),
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
      Origins.describe(json, received.origin());
      json.addProperty("chunks", received.chunks());
      json.addProperty("bytes", Long.toString(received.rawBytes()));
      json.addProperty("wireBytes", Long.toString(received.wireBytes()));
      json.addProperty("bytesFetched", Long.toString(received.bytesFetched()));
      json.addProperty("connections", received.connections());
    } else if (result instanceof ReceiveResult.Incomplete incomplete) {
      json.addProperty("bytesFetched", Long.toString(incomplete.bytesFetched()));
      json.addProperty("volumes", incomplete.volumes());
      JsonArray missing = new JsonArray();
      incomplete.missing().forEach(volume -> missing.add(json(volume)));
      json.add("missing", missing);
    }
  }

  private static FerryException incomplete(ReceiveResult.Incomplete incomplete) {
    List<String> numbers =
        incomplete.missing().stream().map(volume -> Integer.toString(volume.number())).toList();
    return new FerryException(
        ErrorCode.VOLUMES_MISSING,
        "%s of %d volumes still to come: %s"
            .formatted(numbers.size(), incomplete.volumes(), String.join(", ", numbers)),
        "What was here is checked and kept. Put in a disk with one of these volumes, and run the"
            + " same command again with the directory that it is in.",
        null);
  }

  /** {@code volume 2: chunks 7, 40-52}. */
  private static String text(ReceiveResult.MissingVolume missing) {
    return "volume %d: chunks %s".formatted(missing.number(), ranges(missing.chunks()));
  }

  private static JsonObject json(ReceiveResult.MissingVolume missing) {
    JsonObject json = new JsonObject();
    json.addProperty("volume", missing.number());
    json.addProperty("chunks", ranges(missing.chunks()));
    return json;
  }

  private static String ranges(List<Integer> ascending) {
    List<String> ranges = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= ascending.size(); i++) {
      if (i == ascending.size() || ascending.get(i) != ascending.get(i - 1) + 1) {
        int first = ascending.get(start);
        int last = ascending.get(i - 1);
        ranges.add(first == last ? "" + first : first + "-" + last);
        start = i;
      }
    }
    return String.join(", ", ranges);
  }

  @Override
  public Optional<FerryException> failure() {
    if (result instanceof ReceiveResult.Incomplete incomplete) {
      return Optional.of(incomplete(incomplete));
    }
    if (!(result instanceof ReceiveResult.Damaged damaged)) {
      return Optional.empty();
    }
    return Optional.of(damaged(damaged));
  }

  private static FerryException damaged(ReceiveResult.Damaged damaged) {
    int bad = damaged.damaged().size();
    String hint =
        "Run the same ferry ship command as before on the other side, with --again %s added, then this"
            + " command again.";
    String sealed =
        " It refuses that once all volumes were written, as ferry has forgotten their secret: then ship"
            + " all of them anew, to another directory and without --again, and receive them into a new"
            + " directory.";
    return new FerryException(
        ErrorCode.CHUNKS_DAMAGED,
        "%s of %s %s damaged: %s"
            .formatted(
                chunks(bad),
                damaged.places(),
                bad == 1 ? "is" : "are",
                damaged.again().replace(",", ", ")),
        hint.formatted(damaged.again()) + (damaged.encryptedVolumes() ? sealed : ""),
        null);
  }

  private static String chunks(int count) {
    return count == 1 ? "1 chunk" : "%d chunks".formatted(count);
  }
}
