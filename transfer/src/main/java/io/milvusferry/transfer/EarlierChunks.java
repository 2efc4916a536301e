package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.JournalFile;
import io.milvusferry.transfer.bundle.ChunkEntry;
import io.milvusferry.transfer.bundle.ChunkPlan;
import io.milvusferry.transfer.remote.RemoteFile;
import io.milvusferry.transfer.remote.RemoteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Chunks of other bundles that lie at the same place, as the journals of this machine know them: a
 * collection that did not change has the same parts in the next archive, and the same chunks. They
 * get a second name there. Whether they still hold what was sent is for the receiver to find out,
 * as with every chunk. Safe for several threads.
 */
final class EarlierChunks {
  /** Nothing is known. */
  static final EarlierChunks NONE = new EarlierChunks(Map.of());

  /** So many bundles are looked through, the latest first. */
  private static final int MOST_BUNDLES = 8;

  private record Known(String path, ChunkEntry chunk) {}

  private final Map<Digest, Known> chunks;

  private EarlierChunks(Map<Digest, Known> chunks) {
    this.chunks = chunks;
  }

  /**
   * Looks through the journals.
   *
   * @param journals the directory where they lie
   * @param directory of the bundle that is to be shipped; it is none of the earlier ones
   * @param codec of the chunks that count
   */
  static EarlierChunks find(Path journals, RemoteStore store, String directory, String codec)
      throws IOException {
    Map<Digest, Known> chunks = new HashMap<>();
    int looked = 0;
    for (Path file : latestFirst(journals)) {
      Optional<ShipJournal.Bundle> bundle =
          ShipJournal.bundle(records(file))
              .filter(it -> it.location().equals(store.location()))
              .filter(it -> !it.directory().equals(directory));
      if (bundle.isPresent()) {
        add(bundle.get(), store, codec, chunks);
        looked++;
        if (looked == MOST_BUNDLES) {
          break;
        }
      }
    }
    return new EarlierChunks(chunks);
  }

  private static List<Path> latestFirst(Path journals) throws IOException {
    Map<Path, FileTime> times = new HashMap<>();
    try (Stream<Path> files = Files.list(journals)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (file.toString().endsWith(TransferJournal.SUFFIX)) {
          times.put(file, Files.getLastModifiedTime(file));
        }
      }
    }
    List<Path> sorted = new ArrayList<>(times.keySet());
    sorted.sort(Comparator.comparing(times::get, Comparator.reverseOrder()));
    return sorted;
  }

  private static List<String> records(Path journal) throws IOException {
    try {
      return JournalFile.read(journal);
    } catch (FerryException e) {
      if (e.code() == ErrorCode.JOURNAL_DAMAGED) {
        return List.of(); // it is advice; its own shipment says so, and does its work again
      }
      throw e;
    }
  }

  private static void add(
      ShipJournal.Bundle bundle, RemoteStore store, String codec, Map<Digest, Known> chunks) {
    Map<String, Long> sizes =
        bundle.chunks().isEmpty()
            ? Map.of()
            : store.list(bundle.directory()).stream()
                .collect(Collectors.toMap(RemoteFile::name, RemoteFile::size));
    bundle
        .chunks()
        .forEach(
            (source, chunk) -> {
              Long size = sizes.get(chunk.fileName());
              if (size != null && size == chunk.wireBytes() && chunk.codec().equals(codec)) {
                chunks.putIfAbsent(
                    source, new Known(bundle.directory() + "/" + chunk.fileName(), chunk));
              }
            });
  }

  /** Whether such a chunk lies in an earlier bundle. */
  boolean has(ChunkPlan plan) {
    return chunks.containsKey(plan.source());
  }

  /**
   * Gives a chunk that lies in an earlier bundle a second name.
   *
   * @param path of the chunk in the store
   * @return the chunk under its number in the new bundle; empty where there is none, or the store
   *     gives no second names
   */
  Optional<ChunkEntry> link(RemoteStore store, ChunkPlan plan, String path) {
    Known known = chunks.get(plan.source());
    return known != null && store.link(known.path(), path)
        ? Optional.of(known.chunk().at(plan.index()))
        : Optional.empty();
  }
}
