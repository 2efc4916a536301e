package io.milvusferry.error;

/**
 * The kind of a failure, as far as a caller can react to it. The command line maps it to an exit
 * status.
 */
public enum ErrorCategory {
  /** A defect of ferry itself. */
  BUG,
  /** The command or its configuration makes no sense; nothing was done. */
  USAGE,
  /** Some collections are done, others are not. */
  PARTIAL,
  /** Two sides that should be equal are not. */
  DIFFERENCE,
  /** A passing condition; running the same command again resumes. */
  TEMPORARY,
  /** Bytes or signatures are not what the manifest says. */
  INTEGRITY,
  /** Permission, credentials or host key. */
  PERMISSION,
  /** The other side lacks a version or a capability. */
  INCOMPATIBLE,
  /** The target holds something else under that name. */
  CONFLICT,
  /** What was named does not exist. */
  NOT_FOUND,
  /** Another process works there. */
  LOCKED,
  /** No space or quota left. */
  NO_SPACE
}
