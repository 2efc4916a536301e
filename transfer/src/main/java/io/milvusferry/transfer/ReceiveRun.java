package io.milvusferry.transfer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.ArchiveLayout;
import io.milvusferry.progress.ByteSize;
import io.milvusferry.progress.ProgressSink;
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
import java.util.Optional;
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
    try (RemoteStore store = request.from().open(progress)) {
      RemoteBundle remote = BundleSearch.find(store);
      BundleIndex index = remote.index().orElseThrow();
      try (ReceiveDirectory directory = ReceiveDirectory.take(layout, index);
          TransferJournal journal =
              TransferJournal.open(
                  request.state().resolve("receive"),
                  "%s %s".formatted(index.archiveId(), layout.root()),
                  progress)) {
        boolean sealed = directory.isSealed();
        long fetched = 0;
        if (!sealed) {
          Unpacking unpacking = new Unpacking(store, remote, index, journal);
          unpacking.run();
          if (!unpacking.damaged.isEmpty()) {
            return new ReceiveResult.Damaged(
                location(store, remote), index.archiveId(), unpacking.damaged);
          }
          fetched = unpacking.fetched;
          new ReceivedArchive(layout, index.archiveId(), progress).seal();
        } else {
          new ReceivedArchive(layout, index.archiveId(), progress).requireValid();
        }
        journal.remove();
        directory.tidy();
        return new ReceiveResult.Received(
            location(store, remote),
            index.archiveId(),
            layout.root(),
            index.chunks().size(),
            index.rawBytes(),
            index.wireBytes(),
            fetched,
            sealed,
            store.connectionsUsed());
      }
    }
  }

  private static String location(RemoteStore store, RemoteBundle remote) {
    return remote.directory().isEmpty()
        ? store.location()
        : store.location() + "/" + remote.directory();
  }

  /** Chunks are fetched a few ahead, and unpacked in order. */
  private final class Unpacking {
    private final RemoteStore store;
    private final RemoteBundle remote;
    private final BundleIndex index;
    private final ReceiveJournal journal;
    private final List<ReceiveResult.DamagedChunk> damaged = new ArrayList<>();
    private long fetched;

    Unpacking(RemoteStore store, RemoteBundle remote, BundleIndex index, TransferJournal journal)
        throws IOException {
      this.store = store;
      this.remote = remote;
      this.index = index;
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
      ChunkFetcher fetcher = new ChunkFetcher(store, remote, layout.spool());
      ExecutorService threads = Executors.newFixedThreadPool(request.from().connections());
      try (BundleReader reader = new BundleReader(layout, index.rawBytes(), journal.position())) {
        ChunkUnpacker unpacker = new ChunkUnpacker(reader);
        Deque<Future<FetchedChunk>> ahead = new ArrayDeque<>();
        Iterator<ChunkEntry> next = left.iterator();
        while (next.hasNext() || !ahead.isEmpty()) {
          while (next.hasNext() && ahead.size() <= request.from().connections()) {
            ChunkEntry chunk = next.next();
            ahead.add(threads.submit(() -> fetcher.fetch(chunk)));
          }
          take(ChunkWorkers.await(ahead.remove()), unpacker, reader);
        }
        if (damaged.isEmpty()) {
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
      if (result instanceof FetchedChunk.Bad bad) {
        damage(chunk, bad.problem());
      } else if (result instanceof FetchedChunk.Good good && damaged.isEmpty()) {
        Optional<String> problem = unpacker.unpack(chunk, good.file());
        if (problem.isPresent()) {
          damage(chunk, problem.get());
        } else {
          var position = reader.position();
          position.ifPresent(at -> journal.unpacked(chunk.index(), chunk.rawDigest(), at));
        }
        if (good.spooled()) {
          Files.delete(good.file());
        }
      }
      // After a damaged chunk the others are still checked, so that all bad ones are named; the
      // good ones stay in the spool for the next run.
      advance(chunk);
    }

    private void advance(ChunkEntry chunk) {
      progress.advanced(task, 0, chunk.rawBytes());
    }

    private void damage(ChunkEntry chunk, String problem) {
      damaged.add(new ReceiveResult.DamagedChunk(chunk.index(), problem, reject(chunk)));
      progress.notice("chunk %d is damaged: %s".formatted(chunk.index(), problem));
    }

    /** Many stores are read-only for a receiver; the chunk is named anyway. */
    private boolean reject(ChunkEntry chunk) {
      try {
        store.reject(remote.path(chunk.fileName()));
        return true;
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

    private void requireSpace(List<ChunkEntry> left) throws IOException {
      long needed = left.stream().mapToLong(ChunkEntry::rawBytes).sum();
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
