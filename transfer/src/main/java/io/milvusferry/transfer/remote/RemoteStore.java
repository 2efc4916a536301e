package io.milvusferry.transfer.remote;

import io.milvusferry.digest.Digest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * Files at the other end: a directory on this machine or behind SFTP. Safe for several threads, as
 * long as each writes its own file.
 *
 * <p>Paths are relative to the root of the store, with {@code /} between their segments. Every
 * method may be repeated. Failures are {@code FerryException}s; a broken connection is {@code
 * CONNECTION_LOST}, and nothing else is worth a retry.
 */
public interface RemoteStore extends AutoCloseable {
  /** Ends the name of a file that is not complete yet. */
  String PARTIAL = ".partial";

  /** Ends the name of a file that a receiver found damaged. */
  String REJECTED = ".rejected";

  /** Where this store is, for people; without any secret. */
  String location();

  /** Makes a directory, and those above it, unless they are there. */
  void makeDirectories(String path);

  /** The files and directories in a directory, none when there is no such directory. */
  List<RemoteFile> list(String directory);

  /** Where a file is on this machine, empty when it is on another. */
  Optional<Path> local(String path);

  /** The size of a file, empty when there is none. */
  OptionalLong size(String path);

  /**
   * Writes {@code content}, from an offset to its end, into {@code path.partial}. The bytes before
   * {@code from} must have been acknowledged earlier, and stay; from zero, the file starts anew.
   * Returns when every byte is acknowledged, and on stable storage where the store can say so.
   * After a failure the acknowledged bytes stay.
   *
   * @param acknowledged hears up to which offset all bytes are acknowledged, from this thread
   */
  void write(String path, long from, ByteSource content, LongConsumer acknowledged);

  /**
   * The SHA-256 of {@code path.partial} as the other side itself computes it; empty where it
   * computes none.
   *
   * @param length of the file, in bytes
   */
  Optional<Digest> digest(String path, long length);

  /**
   * Gives {@code path.partial} its name, replacing what bears it. Where the store cannot replace in
   * one step, the old file is removed first.
   */
  void publish(String path);

  /**
   * Gives a file a second name, so that its bytes need not travel again. Neither name changes when
   * a new file is published under the other.
   *
   * @return whether it has both names now; false where the store has no such names, where the file
   *     is gone, or where {@code path} is taken
   */
  boolean link(String existing, String path);

  /** Reads a range of a file; fails when the file ends within it. */
  void read(String path, long from, long length, RangeSink sink);

  /** Renames a damaged file out of the way, to {@code path.rejected}. */
  void reject(String path);

  /** Bytes that may still be written below a directory, empty where the store does not tell. */
  OptionalLong freeSpace(String directory);

  /** What this store cannot do, and what is done instead; each a sentence without a full stop. */
  List<String> weaknesses();

  /** How many connections were open at once, at most; zero where none are needed. */
  int connectionsUsed();

  @Override
  void close();
}
