package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.progress.ByteSize;
import io.milvusferry.progress.ProgressSink;
import io.milvusferry.signature.Origin;
import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.BundleReader;
import io.milvusferry.transfer.bundle.ChunkEntry;
import io.milvusferry.transfer.bundle.UnsafeBundleException;
import io.milvusferry.transfer.remote.RemoteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One receipt from its start to its end. */
final class ReceiveRun {
  private final ReceiveRequest request;
  private final ProgressSink progress;
  private final ArchiveLayout layout;
  private final String task;

  ReceiveRun(ReceiveRequest request, ProgressSink progress) {
    this.request = request;
    this.progress = progress;
    this.layout = new ArchiveLayout(request.to().toAbsolutePath().normalize());
    this.task = "receive " + layout.root().getFileName();
  }

  ReceiveResult run() throws IOException {
    Optional<VolumeSet> volumes = VolumeSearch.find(request.from(), request.origin());
    Destination from = request.from().get(0);
    try (RemoteStore store = (volumes.isPresent() ? from.anywhereHere() : from).open(progress)) {
      BundleSource source = source(store, volumes);
      BundleIndex index = source.index();
      try (ReceiveDirectory directory = ReceiveDirectory.take(layout, index, volumes);
          TransferJournal journal =
              TransferJournal.open(
                  request.state().resolve("receive"),
                  "%s %s".formatted(index.archiveId(), layout.root()),
                  progress)) {
        boolean sealed = directory.isSealed();
        long fetched = 0;
        if (!sealed) {
          Unpacking unpacking = new Unpacking(store, source, journal);
          unpacking.run();
          if (!unpacking.damaged.isEmpty()) {
            return damaged(source, unpacking.damaged);
          }
          if (volumes.isPresent() && !unpacking.absent.isEmpty()) {
            return incomplete(volumes.get(), index.archiveId(), unpacking);
          }
          fetched = unpacking.fetched;
        }
        ReceivedArchive archive =
            new ReceivedArchive(layout, index.archiveId(), request.origin(), progress);
        Origin origin = sealed ? archive.requireValid() : archive.seal();
        journal.remove();
        directory.tidy();
        return new ReceiveResult.Received(
            source.location(),
            index.archiveId(),
            layout.root(),
            origin,
            index.chunks().size(),
            index.rawBytes(),
            index.wireBytes(),
            fetched,
            sealed,
            store.connectionsUsed());
      }
    }
  }

  private BundleSource source(RemoteStore store, Optional<VolumeSet> volumes) {
    if (volumes.isEmpty()) {
      RemoteBundle found = new BundleSearch(store, request.origin()).find();
      return BundleSource.Whole.of(store, found, request.identities());
    }
    VolumeSet here = volumes.get();
    return new BundleSource.OnVolumes(here, here.open(request.identities()));
  }

  private static ReceiveResult damaged(
      BundleSource source, List<ReceiveResult.DamagedChunk> damaged) {
    return new ReceiveResult.Damaged(
        source.location(),
        source.index().archiveId(),
        source.locationOf(damaged.stream().map(ReceiveResult.DamagedChunk::index).toList()),
        source.encryptedVolumes(),
        damaged);
  }

  private static ReceiveResult incomplete(
      VolumeSet volumes, Digest archiveId, Unpacking unpacking) {
    Map<Integer, List<Integer>> missing = new TreeMap<>();
    for (int chunk : unpacking.absent) {
      missing.computeIfAbsent(volumes.label().volumeOf(chunk), any -> new ArrayList<>()).add(chunk);
    }
    return new ReceiveResult.Incomplete(
        volumes.location(),
        archiveId,
        volumes.label().volumes(),
        missing.entrySet().stream()
            .map(volume -> new ReceiveResult.MissingVolume(volume.getKey(), volume.getValue()))
            .toList(),
        unpacking.fetched);
  }

  /** Chunks are fetched a few ahead, and unpacked in order. */
  private final class Unpacking {
    private final RemoteStore store;
    private final BundleSource source;
    private final BundleIndex index;
    private final ReceiveJournal journal;
    private final ChunkFetcher fetcher;
    private final List<Integer> absent = new ArrayList<>();
    private final List<ReceiveResult.DamagedChunk> damaged = new ArrayList<>();
    private long fetched;

    Unpacking(RemoteStore store, BundleSource source, TransferJournal journal) throws IOException {
      this.store = store;
      this.source = source;
      this.index = source.index();
      this.fetcher = new ChunkFetcher(store, source, layout.spool());
      this.journal = new ReceiveJournal(journal, index);
      if (!BundleReader.canStart(layout, this.journal.position())) {
        this.journal.restart();
      }
    }

    void run() throws IOException {
      progress.started(task, -1, index.rawBytes());
      List<ChunkEntry> left = index.chunks().subList(journal.next(), index.chunks().size());
      index.chunks().subList(0, journal.next()).forEach(this::advance);
      requireSpace(left);
      int atOnce = request.from().get(0).connections();
      ExecutorService threads = Executors.newFixedThreadPool(atOnce);
      try (BundleReader reader = new BundleReader(layout, index.rawBytes(), journal.position())) {
        ChunkUnpacker unpacker = new ChunkUnpacker(source.opened(), reader);
        Deque<Future<FetchedChunk>> ahead = new ArrayDeque<>();
        Iterator<ChunkEntry> next = left.iterator();
        while (next.hasNext() || !ahead.isEmpty()) {
          while (next.hasNext() && ahead.size() <= atOnce) {
            ChunkEntry chunk = next.next();
            ahead.add(threads.submit(() -> fetcher.fetch(chunk)));
          }
          take(ChunkWorkers.await(ahead.remove()), unpacker, reader);
        }
        if (unbroken()) {
          finish(reader);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new FerryException(
            ErrorCode.INTERRUPTED,
            "stopped while chunks were on their way",
            "Run the same command again; it resumes.",
            e);
      } finally {
        ChunkWorkers.stop(threads);
      }
      progress.finished(task);
    }

    private void take(FetchedChunk result, ChunkUnpacker unpacker, BundleReader reader)
        throws IOException {
      ChunkEntry chunk = result.chunk();
      fetched += result.bytesFetched();
      if (result instanceof FetchedChunk.Absent) {
        absent.add(chunk.index());
        return;
      }
      if (result instanceof FetchedChunk.Bad bad) {
        damage(chunk, bad.problem());
      } else if (result instanceof FetchedChunk.Good good && !unbroken()) {
        keep(good);
      } else if (result instanceof FetchedChunk.Good good) {
        Optional<String> problem = unpacker.unpack(chunk, good.file());
        if (problem.isPresent()) {
          damage(chunk, problem.get());
        } else {
          var position = reader.position();
          position.ifPresent(at -> journal.unpacked(chunk.index(), chunk.rawDigest(), at));
        }
        Files.deleteIfExists(layout.spool().resolve(chunk.fileName()));
      }
      advance(chunk);
    }

    /** Whether every chunk so far was unpacked. */
    private boolean unbroken() {
      return damaged.isEmpty() && absent.isEmpty();
    }

    /**
     * After a chunk that is damaged or absent the others are still checked, so that all bad ones
     * are named; the good ones stay in the spool for the next run, or are found again where they
     * were.
     */
    private void keep(FetchedChunk.Good good) {
      if (!good.spooled()
          && source.passing()
          && fetcher.keep(good.chunk()) instanceof FetchedChunk.Bad bad) {
        damage(good.chunk(), bad.problem());
      }
    }

    private void advance(ChunkEntry chunk) {
      progress.advanced(task, 0, chunk.rawBytes());
    }

    private void damage(ChunkEntry chunk, String problem) {
      String said = problem + source.placeOf(chunk);
      damaged.add(new ReceiveResult.DamagedChunk(chunk.index(), said, reject(chunk)));
      progress.notice("chunk %d is damaged: %s".formatted(chunk.index(), said));
    }

    /** Many stores are read-only for a receiver; the chunk is named anyway. */
    private boolean reject(ChunkEntry chunk) {
      try {
        source.path(chunk).ifPresent(store::reject);
        return source.path(chunk).isPresent();
      } catch (FerryException e) {
        if (e.code() == ErrorCode.INTERRUPTED) {
          throw e;
        }
        return false;
      }
    }

    private void finish(BundleReader reader) {
      try {
        reader.finish();
      } catch (UnsafeBundleException e) {
        throw ChunkUnpacker.unsafe(e);
      }
    }

    /** Wire bytes that cannot be unpacked yet, as a volume before them is not here. */
    private long toBeKept(List<ChunkEntry> left) {
      return left.stream()
          .dropWhile(chunk -> source.path(chunk).isPresent())
          .filter(chunk -> source.path(chunk).isPresent())
          .mapToLong(ChunkEntry::wireBytes)
          .sum();
    }

    private void requireSpace(List<ChunkEntry> left) throws IOException {
      long needed = left.stream().mapToLong(ChunkEntry::rawBytes).sum() + toBeKept(left);
      Path root = layout.root();
      long free = Files.getFileStore(root).getUsableSpace();
      if (free < needed) {
        throw new FerryException(
            ErrorCode.DISK_FULL,
            "%s has %s free, and %s are still to be unpacked"
                .formatted(root, new ByteSize(free), new ByteSize(needed)),
            "Free some space, or receive into a directory on another disk.",
            null);
      }
    }
  }
}
