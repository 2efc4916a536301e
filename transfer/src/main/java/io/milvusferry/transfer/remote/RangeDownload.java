package io.milvusferry.transfer.remote;

import io.milvusferry.error.LocalFailure;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.common.Buffer.BufferException;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;

/** Reads a range of an open remote file, a window of requests at a time, in order. */
final class RangeDownload {
  private record Asked(long offset, int length, Promise<Response, SFTPException> answer) {}

  private final SftpConnection connection;
  private final byte[] handle;
  private final RangeSink sink;
  private final SendersTurn turn;
  private final ArrayDeque<Asked> window = new ArrayDeque<>();

  /**
   * Reads from a handle.
   *
   * @param turn ends when all is asked for and some of it not yet here
   */
  RangeDownload(SftpConnection connection, byte[] handle, RangeSink sink, SendersTurn turn) {
    this.connection = connection;
    this.handle = handle;
    this.sink = sink;
    this.turn = turn;
  }

  void fetch(long from, long length) throws IOException {
    turn.begin();
    int most = SftpConnection.window(connection.readSize());
    long end = from + length;
    long next = from;
    while (next < end || !window.isEmpty()) {
      while (next < end && window.size() < most) {
        int wanted = (int) Math.min(connection.readSize(), end - next);
        window.add(ask(next, wanted));
        next += wanted;
        if (next >= end - SendersTurn.ALMOST) {
          turn.almostDone();
        }
        if (next == end) {
          turn.handOver();
        }
      }
      Asked oldest = window.remove();
      int got = deliver(oldest);
      if (got < oldest.length()) {
        // Servers may answer with less; the rest is asked for again, before what follows it.
        window.addFirst(ask(oldest.offset() + got, oldest.length() - got));
      }
    }
  }

  private Asked ask(long offset, int length) throws IOException {
    return new Asked(offset, length, connection.read(handle, offset, length));
  }

  private int deliver(Asked asked) throws IOException {
    Response response = SftpConnection.answer(asked.answer());
    if (response.getType() == PacketType.STATUS) {
      try {
        response.ensureStatusIs(StatusCode.EOF);
      } catch (SFTPException e) {
        throw e;
      }
      throw new EOFException("the file ends at %d already".formatted(asked.offset()));
    }
    response.ensurePacketTypeIs(PacketType.DATA);
    int length;
    try {
      length = response.readUInt32AsInt();
    } catch (BufferException e) {
      throw new SFTPException("an answer cannot be read", e);
    }
    if (length < 1 || length > asked.length() || length > response.available()) {
      throw new SFTPException("the server sent %d of %d bytes".formatted(length, asked.length()));
    }
    try {
      sink.accept(response.array(), response.rpos(), length);
    } catch (IOException e) {
      throw LocalFailure.of(e, Path.of("the received file"));
    }
    connection.moved(length);
    return length;
  }
}
