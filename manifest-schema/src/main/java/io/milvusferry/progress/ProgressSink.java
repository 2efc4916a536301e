package io.milvusferry.progress;

/**
 * Hears how far a long operation is. Called from several threads, often; implementations are quick
 * and never fail.
 */
public interface ProgressSink {
  /** Hears nothing. */
  ProgressSink NONE =
      new ProgressSink() {
        @Override
        public void started(String task, long totalRows, long totalBytes) {}

        @Override
        public void advanced(String task, long rows, long bytes) {}

        @Override
        public void finished(String task) {}

        @Override
        public void notice(String text) {}
      };

  /**
   * A task begins, or its totals are better known.
   *
   * @param task short name such as {@code export default.products}; the same in all calls about it
   * @param totalRows rows to expect, -1 if unknown or rows are not what is counted
   * @param totalBytes bytes to expect, -1 if unknown
   */
  void started(String task, long totalRows, long totalBytes);

  /** So many more rows and bytes are done. */
  void advanced(String task, long rows, long bytes);

  void finished(String task);

  /**
   * Something the operator should read now: a weaker way taken, a wait, a retry. One sentence
   * without a full stop.
   */
  void notice(String text);
}
