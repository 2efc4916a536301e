package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.transfer.bundle.ChunkEntry;
import io.milvusferry.transfer.bundle.ChunkPlan;
import io.milvusferry.transfer.bundle.SealedFiles.SealedFile;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What earlier runs of the same shipment did, in words of chunks. Safe for several threads. */
final class ShipJournal {
  /**
   * So much of a chunk was acknowledged.
   *
   * @param prefix digest of the wire bytes before {@code offset}
   * @param release what made them
   */
  record Acknowledged(long offset, Digest prefix, String release) {
    /** The chunk is to be sent from its start. */
    static final Acknowledged NOTHING = new Acknowledged(0, Digest.ofContent(new byte[0]), "none");
  }

  /**
   * What became of a chunk, or what it will be.
   *
   * @param source of what it was made; see {@link ChunkPlan#source}
   * @param release what made it
   */
  private record Known(ChunkEntry chunk, Digest source, String release) {
    boolean isOf(ChunkPlan plan) {
      return source.equals(plan.source());
    }
  }

  /** The last index that was encrypted: digests of its content and of the file, and for whom. */
  private record Encrypted(String content, String recipients, String file) {}

  /** The tag of a secret of volumes that was forgotten, and for whom it encrypted. */
  private record Spent(String recipients, String secret) {}

  /**
   * A bundle, and the chunks of it that were published, and that everybody can open.
   *
   * @param location of the store that holds it
   * @param directory in the store
   * @param chunks by what they were made of
   */
  record Bundle(String location, String directory, Map<Digest, ChunkEntry> chunks) {}

  private static final String BUNDLE = "bundle";
  private static final String CHUNK = "chunk";
  private static final String ACKNOWLEDGED = "acknowledged";
  private static final String PART = "part";
  private static final String MEASURED = "measured";
  private static final String VOLUME = "volume";
  private static final String SIGNATURE = "signature";
  private static final String INDEX = "index";
  private static final String SPENT = "spent";

  private final TransferJournal journal;
  private boolean named;
  private final Map<Integer, Known> chunks = new HashMap<>();
  private final Map<Integer, Acknowledged> acknowledged = new HashMap<>();
  private final Map<Integer, Known> measured = new HashMap<>();
  private final Map<Integer, Digest> volumes = new HashMap<>();
  private final Set<String> parts = new HashSet<>();
  private Optional<byte[]> signature = Optional.empty();
  private Optional<Encrypted> index = Optional.empty();
  private Optional<Spent> spent = Optional.empty();

  ShipJournal(TransferJournal journal) {
    this.journal = journal;
    journal.records().forEach(this::replay);
  }

  private void replay(String record) {
    String[] words = record.split(" ", -1);
    switch (words[0]) {
      case BUNDLE -> named = true;
      case CHUNK -> chunks.put(Integer.parseInt(words[1]), known(words));
      case MEASURED -> measured.put(Integer.parseInt(words[1]), known(words));
      case VOLUME -> volumes.put(Integer.parseInt(words[1]), new Digest(words[2]));
      case ACKNOWLEDGED ->
          acknowledged.put(
              Integer.parseInt(words[1]),
              new Acknowledged(Long.parseLong(words[2]), new Digest(words[3]), words[4]));
      case PART -> parts.add(words[1] + " " + words[2]);
      case INDEX -> index = Optional.of(new Encrypted(words[1], words[2], words[3]));
      case SPENT -> spent = Optional.of(new Spent(words[1], words[2]));
      case SIGNATURE -> signature = Optional.of(Base64.getDecoder().decode(words[1]));
      default -> {
        // A record of a later release; a journal is advice.
      }
    }
  }

  /** What the records of a journal say of its bundle; empty where they do not name it. */
  static Optional<Bundle> bundle(List<String> records) {
    Map<Integer, Known> chunks = new HashMap<>();
    Optional<String[]> name = Optional.empty();
    for (String record : records) {
      String[] words = record.split(" ", -1);
      if (words[0].equals(BUNDLE)) {
        name = Optional.of(words);
      } else if (words[0].equals(CHUNK)) {
        chunks.put(Integer.parseInt(words[1]), known(words));
      }
    }
    Map<Digest, ChunkEntry> published = new HashMap<>();
    chunks.values().stream()
        .filter(known -> !EncryptedPacking.isRelease(known.release()))
        .forEach(known -> published.put(known.source(), known.chunk()));
    return name.map(words -> new Bundle(unquoted(words[1]), unquoted(words[2]), published));
  }

  /** Whether a chunk was published that only some can open. */
  synchronized boolean hasEncrypted() {
    return chunks.values().stream().anyMatch(known -> EncryptedPacking.isRelease(known.release()));
  }

  /** Says which bundle this is of, once. */
  void name(String location, String directory) {
    if (!named) {
      journal.append(String.join(" ", BUNDLE, quoted(location), quoted(directory)));
      named = true;
    }
  }

  private static String quoted(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String unquoted(String word) {
    return URLDecoder.decode(word, StandardCharsets.UTF_8);
  }

  private static Known known(String[] words) {
    ChunkEntry chunk =
        new ChunkEntry(
            Integer.parseInt(words[1]),
            Long.parseLong(words[2]),
            Long.parseLong(words[3]),
            new Digest(words[4]),
            new Digest(words[5]),
            words[6]);
    return new Known(chunk, new Digest(words[7]), words[8]);
  }

  private static String words(String kind, ChunkEntry chunk, Digest source, String release) {
    return String.join(
        " ",
        kind,
        Integer.toString(chunk.index()),
        Long.toString(chunk.rawBytes()),
        Long.toString(chunk.wireBytes()),
        chunk.rawDigest().hex(),
        chunk.wireDigest().hex(),
        chunk.codec(),
        source.hex(),
        release);
  }

  /** The chunk, if it was published, and made by a release that will do. */
  synchronized Optional<ChunkEntry> published(ChunkPlan plan, Predicate<String> release) {
    return Optional.ofNullable(chunks.get(plan.index()))
        .filter(known -> known.isOf(plan) && release.test(known.release()))
        .map(Known::chunk);
  }

  synchronized Optional<Acknowledged> acknowledged(int index) {
    return Optional.ofNullable(acknowledged.get(index));
  }

  synchronized boolean isChecked(SealedFile part) {
    return parts.contains(words(part));
  }

  void publish(ChunkPlan plan, ChunkEntry chunk, String release) {
    journal.append(words(CHUNK, chunk, plan.source(), release));
  }

  /** What the chunk will be, if that release makes it. */
  synchronized Optional<ChunkEntry> measured(ChunkPlan plan, String release) {
    return Optional.ofNullable(measured.get(plan.index()))
        .filter(known -> known.isOf(plan) && known.release().equals(release))
        .map(Known::chunk);
  }

  void measure(ChunkPlan plan, ChunkEntry chunk, String release) {
    journal.note(words(MEASURED, chunk, plan.source(), release));
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

  /** The digest of the file that an index was encrypted to, if it was the last one. */
  synchronized Optional<Digest> encryptedIndex(Digest content, String recipients) {
    return index
        .filter(it -> it.content().equals(content.hex()) && it.recipients().equals(recipients))
        .map(it -> new Digest(it.file()));
  }

  void encryptIndex(Digest content, String recipients, Digest file) {
    journal.append(String.join(" ", INDEX, content.hex(), recipients, file.hex()));
  }

  /** The tag of the last secret of volumes that was forgotten, if it was for these recipients. */
  synchronized Optional<String> spent(String recipients) {
    return spent.filter(it -> it.recipients().equals(recipients)).map(Spent::secret);
  }

  /** All volumes are written, and the secret that they were made with is about to be forgotten. */
  void spend(String recipients, String secret) {
    journal.append(String.join(" ", SPENT, recipients, secret));
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

  synchronized void check(SealedFile part) {
    parts.add(words(part));
    journal.append(PART + " " + words(part));
  }

  private static String words(SealedFile part) {
    return part.path() + " " + part.digest().hex();
  }
}
