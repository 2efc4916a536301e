package io.milvusferry.gateway;

/** Which of the two servers decides about the writes of a mirrored collection. */
public enum Direction {
  /** The source decides and answers; the target is kept current from the journal. */
  FORWARD,
  /** The target decides and answers; the source is kept current, for a way back. */
  REVERSE,
  /** The target alone is written and read; nothing is journaled any more. */
  RETIRED
}
