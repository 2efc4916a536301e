package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.transfer.bundle.ChunkEntry;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What earlier runs of the same shipment did, in words of chunks. Safe for several threads. */
final class ShipJournal {
  /**
   * So much of a chunk was acknowledged.
   *
   * @param prefix digest of the wire bytes before {@code offset}
   * @param release what made them
   */
  record Acknowledged(long offset, Digest prefix, String release) {}

  /** So a chunk will be, as long as the same release makes it. */
  private record Measured(ChunkEntry chunk, String release) {}

  private static final String CHUNK = "chunk";
  private static final String ACKNOWLEDGED = "acknowledged";
  private static final String PART = "part";
  private static final String MEASURED = "measured";
  private static final String VOLUME = "volume";
  private static final String SIGNATURE = "signature";

  private final TransferJournal journal;
  private final Map<Integer, ChunkEntry> chunks = new HashMap<>();
  private final Map<Integer, Acknowledged> acknowledged = new HashMap<>();
  private final Map<Integer, Measured> measured = new HashMap<>();
  private final Map<Integer, Digest> volumes = new HashMap<>();
  private final Set<String> parts = new HashSet<>();
  private Optional<byte[]> signature = Optional.empty();

  ShipJournal(TransferJournal journal) {
    this.journal = journal;
    journal.records().forEach(this::replay);
  }

  private void replay(String record) {
    String[] words = record.split(" ", -1);
    switch (words[0]) {
      case CHUNK -> chunks.put(Integer.parseInt(words[1]), chunk(words));
      case MEASURED ->
          measured.put(Integer.parseInt(words[1]), new Measured(chunk(words), words[7]));
      case VOLUME -> volumes.put(Integer.parseInt(words[1]), new Digest(words[2]));
      case ACKNOWLEDGED ->
          acknowledged.put(
              Integer.parseInt(words[1]),
              new Acknowledged(Long.parseLong(words[2]), new Digest(words[3]), words[4]));
      case PART -> parts.add(words[1]);
      case SIGNATURE -> signature = Optional.of(Base64.getDecoder().decode(words[1]));
      default -> {
        // A record of a later release; a journal is advice.
      }
    }
  }

  private static ChunkEntry chunk(String[] words) {
    return new ChunkEntry(
        Integer.parseInt(words[1]),
        Long.parseLong(words[2]),
        Long.parseLong(words[3]),
        new Digest(words[4]),
        new Digest(words[5]),
        words[6]);
  }

  private static String words(String kind, ChunkEntry chunk) {
    return String.join(
        " ",
        kind,
        Integer.toString(chunk.index()),
        Long.toString(chunk.rawBytes()),
        Long.toString(chunk.wireBytes()),
        chunk.rawDigest().hex(),
        chunk.wireDigest().hex(),
        chunk.codec());
  }

  /** The chunk, if it was published. */
  synchronized Optional<ChunkEntry> published(int index) {
    return Optional.ofNullable(chunks.get(index));
  }

  synchronized Optional<Acknowledged> acknowledged(int index) {
    return Optional.ofNullable(acknowledged.get(index));
  }

  synchronized boolean isChecked(String part) {
    return parts.contains(part);
  }

  void publish(ChunkEntry chunk) {
    journal.append(words(CHUNK, chunk));
  }

  /** What the chunk will be, if that release makes it. */
  synchronized Optional<ChunkEntry> measured(int index, String release) {
    return Optional.ofNullable(measured.get(index))
        .filter(known -> known.release().equals(release))
        .map(Measured::chunk);
  }

  void measure(ChunkEntry chunk, String release) {
    journal.note(words(MEASURED, chunk) + " " + release);
  }

  /** Whether a volume with this list of digests was written to its end. */
  synchronized boolean isWritten(int volume, Digest sums) {
    return sums.equals(volumes.get(volume));
  }

  void write(int volume, Digest sums) {
    journal.append("%s %d %s".formatted(VOLUME, volume, sums.hex()));
  }

  /** The last signature of the index, of whatever index that was. */
  synchronized Optional<byte[]> signature() {
    return signature;
  }

  void sign(byte[] signed) {
    journal.append(SIGNATURE + " " + Base64.getEncoder().encodeToString(signed));
  }

  void acknowledge(int index, Acknowledged so) {
    journal.note(
        String.join(
            " ",
            ACKNOWLEDGED,
            Integer.toString(index),
            Long.toString(so.offset()),
            so.prefix().hex(),
            so.release()));
  }

  synchronized void check(String part) {
    parts.add(part);
    journal.append(PART + " " + part);
  }
}
