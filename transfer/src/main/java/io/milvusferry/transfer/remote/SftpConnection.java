package io.milvusferry.transfer.remote;

import io.milvusferry.digest.Digest;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Request;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPEngine;
import net.schmizz.sshj.sftp.SFTPException;

/** One SSH connection with one SFTP channel. For several threads; requests go out in turn. */
final class SftpConnection implements AutoCloseable {
  private static final long ANSWER_SECONDS = 60;
  private static final int SHA256_BYTES = 32;
  private static final String OPENSSH = "openssh.com";

  /** What every server takes. */
  private static final int PLAIN_REQUEST = 32_000;

  /** No request is larger, whatever a server offers: it is held in memory until acknowledged. */
  private static final int LARGEST_REQUEST = 261_120;

  /**
   * On a far link, so that acknowledgements come steadily: where a request takes longer than this,
   * in nanoseconds, it has at most so many bytes.
   */
  private static final long FAR = 5_000_000;

  private static final int FAR_REQUEST = 65_536;

  /**
   * Bytes on their way at once. What is on its way when a connection breaks is sent again, so this
   * is kept small; where it does not fill the link, more connections do.
   */
  private static final int WINDOW = 640 << 10;

  /** Received before the server must wait for us. */
  private static final long RECEIVE_WINDOW = 16 << 20;

  /** The largest requests that a server takes, in bytes of content. */
  record Limits(int read, int write) {}

  private final SSHClient ssh;
  private final SFTPEngine engine;
  private final LongAdder moved;
  private final Limits limits;
  private final int writeSize;
  private final int readSize;
  private final long roundTrip;
  private final Flight flight = new Flight(WINDOW, ANSWER_SECONDS);

  private SftpConnection(
      SSHClient ssh, SFTPEngine engine, LongAdder moved, Limits limits, int most, long roundTrip) {
    this.roundTrip = roundTrip;
    this.ssh = ssh;
    this.engine = engine;
    this.moved = moved;
    this.limits = limits;
    this.writeSize = Math.min(limits.write(), most);
    this.readSize = Math.min(limits.read(), most);
  }

  /**
   * Starts SFTP on a connection that is logged in, and owns the connection from then on.
   *
   * @param moved counts bytes that were acknowledged or received
   * @param known the limits that the server told another connection, if one asked
   */
  static SftpConnection start(SSHClient ssh, LongAdder moved, Optional<Limits> known)
      throws IOException {
    ssh.getConnection().setWindowSize(RECEIVE_WINDOW);
    SFTPEngine engine = new SFTPEngine(ssh);
    long asked = System.nanoTime();
    engine.init();
    long roundTrip = System.nanoTime() - asked;
    Limits limits = known.isPresent() ? known.get() : limits(engine);
    int most = roundTrip > FAR ? FAR_REQUEST : LARGEST_REQUEST;
    return new SftpConnection(ssh, engine, moved, limits, most, roundTrip);
  }

  private static Limits limits(SFTPEngine engine) throws IOException {
    if (!engine.supportsServerExtension("limits", OPENSSH)) {
      return new Limits(PLAIN_REQUEST, PLAIN_REQUEST);
    }
    Response limits =
        answer(engine.request(engine.newExtendedRequest("limits@" + OPENSSH)))
            .ensurePacketTypeIs(PacketType.EXTENDED_REPLY);
    try {
      limits.readUInt64(); // the whole packet
      return new Limits(bounded(limits.readUInt64()), bounded(limits.readUInt64()));
    } catch (net.schmizz.sshj.common.Buffer.BufferException e) {
      throw new SFTPException("the server's limits cannot be read", e);
    }
  }

  private static int bounded(long offered) {
    return offered <= 0 ? PLAIN_REQUEST : (int) Math.min(offered, LARGEST_REQUEST);
  }

  /**
   * Whether the connection stands, as far as is known without waiting. Its channel is not asked:
   * that would wait for what is being sent.
   */
  boolean isAlive() {
    return ssh.isConnected() && ssh.isAuthenticated();
  }

  /** How long the server took to answer a small request, in nanoseconds. */
  long roundTrip() {
    return roundTrip;
  }

  /** Counts bytes that were acknowledged or received. */
  void moved(long bytes) {
    moved.add(bytes);
  }

  boolean syncs() {
    return engine.supportsServerExtension("fsync", OPENSSH);
  }

  boolean replaces() {
    return engine.supportsServerExtension("posix-rename", OPENSSH);
  }

  boolean links() {
    return engine.supportsServerExtension("hardlink", OPENSSH);
  }

  boolean tellsSpace() {
    return engine.supportsServerExtension("statvfs", OPENSSH);
  }

  Limits limits() {
    return limits;
  }

  int writeSize() {
    return writeSize;
  }

  int readSize() {
    return readSize;
  }

  /** Requests of a size that may be on their way at once. */
  static int window(int requestSize) {
    return WINDOW / requestSize;
  }

  byte[] open(String path, Set<OpenMode> modes) throws IOException {
    Request request =
        engine
            .newRequest(PacketType.OPEN)
            .putString(path, engineCharset())
            .putUInt32(OpenMode.toMask(modes))
            .putFileAttributes(FileAttributes.EMPTY);
    try {
      return call(request).ensurePacketTypeIs(PacketType.HANDLE).readBytes();
    } catch (net.schmizz.sshj.common.Buffer.BufferException e) {
      throw new SFTPException("the server's handle cannot be read", e);
    }
  }

  Promise<Response, SFTPException> write(byte[] handle, long offset, byte[] content)
      throws IOException {
    return engine.request(
        engine.newRequest(PacketType.WRITE).putBytes(handle).putUInt64(offset).putBytes(content));
  }

  Promise<Response, SFTPException> read(byte[] handle, long offset, int length) throws IOException {
    return engine.request(
        engine.newRequest(PacketType.READ).putBytes(handle).putUInt64(offset).putUInt32(length));
  }

  /** What is written and not yet acknowledged. */
  Flight flight() {
    return flight;
  }

  long size(byte[] handle) throws IOException {
    return sizeIn(call(sizeOf(handle)));
  }

  private Request sizeOf(byte[] handle) {
    return engine.newRequest(PacketType.FSTAT).putBytes(handle);
  }

  private static long sizeIn(Response answer) throws IOException {
    return answer.ensurePacketTypeIs(PacketType.ATTRS).readFileAttributes().getSize();
  }

  /**
   * Forces what was written to disk where the server can do that, asks for the size and closes the
   * handle, all in one round trip.
   *
   * @return the size
   * @throws IOException also for what the server says of closing; the handle is closed all the same
   */
  long finish(byte[] handle) throws IOException {
    Optional<Promise<Response, SFTPException>> synced =
        syncs()
            ? Optional.of(
                engine.request(engine.newExtendedRequest("fsync@" + OPENSSH).putBytes(handle)))
            : Optional.empty();
    Promise<Response, SFTPException> size = engine.request(sizeOf(handle));
    Promise<Response, SFTPException> closed =
        engine.request(engine.newRequest(PacketType.CLOSE).putBytes(handle));
    if (synced.isPresent()) {
      answer(synced.get()).ensureStatusPacketIsOK();
    }
    long bytes = sizeIn(answer(size));
    answer(closed).ensureStatusPacketIsOK();
    return bytes;
  }

  /** Closes a handle; what the server says then is heard. */
  void close(byte[] handle) throws IOException {
    call(engine.newRequest(PacketType.CLOSE).putBytes(handle)).ensureStatusPacketIsOK();
  }

  /**
   * The SHA-256 of a file as the server computes it, by the request {@code check-file-name} of
   * draft-ietf-secsh-filexfer-extensions; empty where it refuses that, or uses another algorithm.
   */
  Optional<Digest> digest(String path, long length) throws IOException {
    Response answer =
        call(
            engine
                .newExtendedRequest("check-file-name")
                .putString(path, engineCharset())
                .putString("sha256")
                .putUInt64(0)
                .putUInt64(length)
                .putUInt32(0));
    if (answer.getType() != PacketType.EXTENDED_REPLY) {
      return Optional.empty();
    }
    try {
      String algorithm = answer.readString();
      if (algorithm.equals("check-file")) {
        algorithm = answer.readString(); // newer drafts, and Apache MINA, begin with the name
      }
      byte[] found = new byte[answer.available()];
      answer.readRawBytes(found);
      // In the draft the bytes stand alone; Apache MINA puts their number before them.
      int from = found.length - SHA256_BYTES;
      return algorithm.equals("sha256") && (from == 0 || from == Integer.BYTES)
          ? Optional.of(Digest.of(Arrays.copyOfRange(found, from, found.length)))
          : Optional.empty();
    } catch (net.schmizz.sshj.common.Buffer.BufferException e) {
      throw new SFTPException("the server's digest cannot be read", e);
    }
  }

  void replace(String from, String to) throws IOException {
    ofTwoPaths("posix-rename", from, to);
  }

  void link(String existing, String path) throws IOException {
    ofTwoPaths("hardlink", existing, path);
  }

  private void ofTwoPaths(String extension, String from, String to) throws IOException {
    call(engine
            .newExtendedRequest(extension + "@" + OPENSSH)
            .putString(from, engineCharset())
            .putString(to, engineCharset()))
        .ensureStatusPacketIsOK();
  }

  /** Bytes that this user may still write. */
  long freeSpace(String path) throws IOException {
    Response answer =
        call(engine.newExtendedRequest("statvfs@" + OPENSSH).putString(path, engineCharset()))
            .ensurePacketTypeIs(PacketType.EXTENDED_REPLY);
    try {
      answer.readUInt64(); // block size
      long fragment = answer.readUInt64();
      answer.readUInt64(); // blocks
      answer.readUInt64(); // free for root
      long available = answer.readUInt64();
      return Math.multiplyExact(fragment, available);
    } catch (net.schmizz.sshj.common.Buffer.BufferException e) {
      throw new SFTPException("the server's free space cannot be read", e);
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  /** What is not on the way of bulk data: directories, names, attributes. */
  SFTPEngine engine() {
    return engine;
  }

  private Response call(Request request) throws IOException {
    return answer(engine.request(request));
  }

  static Response answer(Promise<Response, SFTPException> promise) throws SFTPException {
    return promise.retrieve(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  private static java.nio.charset.Charset engineCharset() {
    return java.nio.charset.StandardCharsets.UTF_8;
  }

  @Override
  public void close() {
    SshLogin.closeQuietly(ssh);
  }
}
