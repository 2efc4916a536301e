package io.milvusferry.transfer.remote;

import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.progress.Throttle;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/** Keeps what is written and read, on all connections together, at or below a rate. */
public final class ThrottledRemoteStore implements RemoteStore {
  private final RemoteStore store;
  private final Throttle throttle;

  public ThrottledRemoteStore(RemoteStore store, Throttle throttle) {
    this.store = store;
    this.throttle = throttle;
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public void makeDirectories(String path) {
    store.makeDirectories(path);
  }

  @Override
  public List<RemoteFile> list(String directory) {
    return store.list(directory);
  }

  @Override
  public Optional<Path> local(String path) {
    return store.local(path);
  }

  @Override
  public OptionalLong size(String path) {
    return store.size(path);
  }

  @Override
  public void write(String path, long from, ByteSource content, LongConsumer acknowledged) {
    store.write(path, from, offset -> new Slowed(content.open(offset)), acknowledged);
  }

  @Override
  public void publish(String path) {
    store.publish(path);
  }

  @Override
  public boolean link(String existing, String path) {
    return store.link(existing, path);
  }

  @Override
  public void read(String path, long from, long length, RangeSink sink) {
    store.read(
        path,
        from,
        length,
        (content, offset, count) -> {
          pass(count);
          sink.accept(content, offset, count);
        });
  }

  @Override
  public void reject(String path) {
    store.reject(path);
  }

  @Override
  public Optional<Digest> digest(String path, long length) {
    return store.digest(path, length);
  }

  @Override
  public OptionalLong freeSpace(String directory) {
    return store.freeSpace(directory);
  }

  @Override
  public List<String> weaknesses() {
    return store.weaknesses();
  }

  @Override
  public int connectionsUsed() {
    return store.connectionsUsed();
  }

  @Override
  public void close() {
    store.close();
  }

  private void pass(long bytes) {
    try {
      throttle.acquire(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FerryException(
          ErrorCode.INTERRUPTED,
          "stopped while the transfer waited",
          "Run the same command again; it resumes.",
          e);
    }
  }

  private final class Slowed extends FilterInputStream {
    Slowed(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      pass(1);
      return super.read();
    }

    @Override
    public int read(byte[] content, int offset, int length) throws IOException {
      int read = super.read(content, offset, length);
      if (read > 0) {
        pass(read);
      }
      return read;
    }
  }
}
