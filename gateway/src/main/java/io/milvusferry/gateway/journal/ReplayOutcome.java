package io.milvusferry.gateway.journal;

/** What became of a write that was sent to the side that follows. */
public sealed interface ReplayOutcome {
  /**
   * It is done.
   *
   * @param timestamp hybrid timestamp by that server's clock; 0 where it says none
   */
  record Applied(long timestamp) implements ReplayOutcome {}

  /** The server cannot be reached, or asks for patience: to be sent again later. */
  record Later(String reason) implements ReplayOutcome {}

  /** The server will never take it. */
  record Refused(String reason) implements ReplayOutcome {}
}
