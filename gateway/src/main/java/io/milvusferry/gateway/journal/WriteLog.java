package io.milvusferry.gateway.journal;

import io.milvusferry.error.FerryException;

/**
 * Where writes of mirrored collections are kept on their way to the other side. Safe for several
 * threads.
 */
public interface WriteLog {
  /**
   * Keeps a write that the deciding side will be asked for next. It is on disk when this returns;
   * after a crash without an answer, its rows are looked up.
   *
   * @throws FerryException {@code DISK_FULL} or {@code LOCAL_IO}: nothing is kept, so the write
   *     must not be made; {@code MIRROR_LAGGING} when the journal is at its limit
   */
  Intent intend(Write write);

  /** A write that is kept. One of its methods must be called, once the answer is there. */
  interface Intent {
    /**
     * The deciding side did it.
     *
     * @param timestamp what the answer says; 0 where the server says none: the write then counts as
     *     later than all that ended before it, and must have excluded all others
     * @param answeredKeys protobuf bytes to append to the request, so that it bears the keys that
     *     the server made; empty where the request has them. They are on disk when this returns
     */
    void done(long timestamp, byte[] answeredKeys);

    /** The deciding side refused it: nothing was changed. */
    void refused();

    /** Nobody knows: no answer came. Its rows are looked up, or its collection becomes dirty. */
    void unknown();
  }
}
