package io.milvusferry.transfer.remote;

import io.milvusferry.error.LocalFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.LongConsumer;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPException;

/**
 * Writes a stream into an open remote file at explicit offsets, a window of requests at a time.
 * Only what the server acknowledged counts.
 */
final class RangeUpload {
  private record Sent(long end, int length, Promise<Response, SFTPException> answer) {}

  private final SftpConnection connection;
  private final byte[] handle;
  private final LongConsumer acknowledged;
  private final SendersTurn turn;
  private final ArrayDeque<Sent> window = new ArrayDeque<>();

  /**
   * Writes to a handle.
   *
   * @param turn ends when all is sent and some of it not yet acknowledged
   */
  RangeUpload(
      SftpConnection connection, byte[] handle, LongConsumer acknowledged, SendersTurn turn) {
    this.connection = connection;
    this.handle = handle;
    this.acknowledged = acknowledged;
    this.turn = turn;
  }

  /** Sends all of {@code content} and returns the offset after its last byte. */
  long send(long from, InputStream content) throws IOException {
    turn.begin();
    ArrayDeque<byte[]> ahead = new ArrayDeque<>();
    int most = Math.max(1, SendersTurn.ALMOST / connection.writeSize());
    long offset = from;
    try {
      boolean ended = false;
      while (!ended || !ahead.isEmpty()) {
        while (!ended && ahead.size() <= most) {
          byte[] block = fill(content);
          ended = block.length == 0;
          if (ended) {
            turn.almostDone();
          } else {
            ahead.add(block);
          }
        }
        if (!ahead.isEmpty()) {
          offset = send(offset, ahead.remove());
        }
      }
      turn.handOver();
      while (!window.isEmpty()) {
        acknowledgeOldest();
      }
      return offset;
    } finally {
      window.forEach(unanswered -> connection.flight().left(unanswered.length()));
    }
  }

  private long send(long offset, byte[] block) throws IOException {
    awaitRoom(block.length);
    long end = offset + block.length;
    window.add(new Sent(end, block.length, connection.write(handle, offset, block)));
    while (!window.isEmpty() && window.element().answer().isFulfilled()) {
      acknowledgeOldest();
    }
    return end;
  }

  /** The end of the file before this one may be on its way, too. */
  private void awaitRoom(int length) throws IOException {
    while (!connection.flight().enters(length)) {
      if (window.isEmpty()) {
        connection.flight().await(length);
        return;
      }
      acknowledgeOldest();
    }
  }

  private void acknowledgeOldest() throws IOException {
    Sent oldest = window.element();
    SftpConnection.answer(oldest.answer()).ensureStatusPacketIsOK();
    window.remove();
    connection.flight().left(oldest.length());
    connection.moved(oldest.length());
    acknowledged.accept(oldest.end());
  }

  /** Whole blocks, so that requests are as few as possible; a failure here is not the server's. */
  private byte[] fill(InputStream content) {
    try {
      // Into an array of the whole size: without one, the stream is read in pieces of a few KiB.
      byte[] block = new byte[connection.writeSize()];
      int read = content.readNBytes(block, 0, block.length);
      return read == block.length ? block : Arrays.copyOf(block, read);
    } catch (IOException e) {
      throw LocalFailure.of(e, Path.of("the archive"));
    }
  }
}
