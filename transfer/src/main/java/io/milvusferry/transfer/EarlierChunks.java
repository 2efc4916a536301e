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
import java.util.concurrent.ConcurrentHashMap;
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
  static final EarlierChunks NONE = new EarlierChunks(Optional.empty(), Map.of());

  /** So many bundles are looked through, the latest first. */
  private static final int MOST_BUNDLES = 8;

  private record Known(String directory, ChunkEntry chunk) {
    String path() {
      return directory + "/" + chunk.fileName();
    }
  }

  private final Optional<RemoteStore> store;

  /** By what they were made of, those of the latest bundle first. */
  private final Map<Digest, List<Known>> chunks;

  /** Sizes of the files of a bundle, by its directory, once a chunk of it is wanted. */
  private final Map<String, Map<String, Long>> sizes = new ConcurrentHashMap<>();

  private EarlierChunks(Optional<RemoteStore> store, Map<Digest, List<Known>> chunks) {
    this.store = store;
    this.chunks = chunks;
  }

  /**
   * Looks through the journals. The store is not asked before a chunk is wanted.
   *
   * @param journals the directory where they lie
   * @param directory of the bundle that is to be shipped; it is none of the earlier ones
   * @param codec of the chunks that count
   */
  static EarlierChunks find(Path journals, RemoteStore store, String directory, String codec)
      throws IOException {
    Map<Digest, List<Known>> chunks = new HashMap<>();
    int looked = 0;
    for (Path file : latestFirst(journals)) {
      Optional<ShipJournal.Bundle> bundle =
          ShipJournal.bundle(records(file))
              .filter(it -> it.location().equals(store.location()))
              .filter(it -> !it.directory().equals(directory));
      if (bundle.isPresent()) {
        add(bundle.get(), codec, chunks);
        looked++;
        if (looked == MOST_BUNDLES) {
          break;
        }
      }
    }
    return new EarlierChunks(Optional.of(store), chunks);
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
      ShipJournal.Bundle bundle, String codec, Map<Digest, List<Known>> chunks) {
    bundle
        .chunks()
        .forEach(
            (source, chunk) -> {
              if (chunk.codec().equals(codec)) {
                chunks
                    .computeIfAbsent(source, any -> new ArrayList<>())
                    .add(new Known(bundle.directory(), chunk));
              }
            });
  }

  /** Such a chunk of an earlier bundle, whose file has the size that it must have. */
  private Optional<Known> known(ChunkPlan plan) {
    return chunks.getOrDefault(plan.source(), List.of()).stream().filter(this::isThere).findFirst();
  }

  private boolean isThere(Known known) {
    Long size = sizes.computeIfAbsent(known.directory(), this::list).get(known.chunk().fileName());
    return size != null && size == known.chunk().wireBytes();
  }

  private Map<String, Long> list(String directory) {
    return store.orElseThrow().list(directory).stream()
        .collect(Collectors.toMap(RemoteFile::name, RemoteFile::size));
  }

  /** Whether such a chunk lies in an earlier bundle. */
  boolean has(ChunkPlan plan) {
    return known(plan).isPresent();
  }

  /**
   * Gives a chunk that lies in an earlier bundle a second name.
   *
   * @param path of the chunk in the store
   * @return the chunk under its number in the new bundle; empty where there is none, or the store
   *     gives no second names
   */
  Optional<ChunkEntry> link(ChunkPlan plan, String path) {
    return known(plan)
        .filter(known -> store.orElseThrow().link(known.path(), path))
        .map(known -> known.chunk().at(plan.index()));
  }
}
