package io.milvusferry.error;

/**
 * Every failure that ferry knows, with its stable code.
 *
 * <p>A code is never reused. Each has a line in {@code docs/errors.md} with cause and repair.
 */
public enum ErrorCode {
  BUG("GEN-001", ErrorCategory.BUG),
  INTERRUPTED("GEN-002", ErrorCategory.TEMPORARY),
  LOCAL_IO("GEN-003", ErrorCategory.TEMPORARY),
  DISK_FULL("GEN-004", ErrorCategory.NO_SPACE),
  LOCAL_PERMISSION("GEN-005", ErrorCategory.PERMISSION),
  DIRECTORY_LOCKED("GEN-006", ErrorCategory.LOCKED),
  SOME_COLLECTIONS_FAILED("GEN-007", ErrorCategory.PARTIAL),
  JOURNAL_DAMAGED("GEN-008", ErrorCategory.INTEGRITY),
  OUT_OF_MEMORY("GEN-009", ErrorCategory.NO_SPACE),

  USAGE("CFG-001", ErrorCategory.USAGE),
  CONFIG_INVALID("CFG-002", ErrorCategory.USAGE),
  SECRET_UNREADABLE("CFG-003", ErrorCategory.PERMISSION),
  NOTHING_SELECTED("CFG-004", ErrorCategory.NOT_FOUND),

  SERVER_UNREACHABLE("MIL-001", ErrorCategory.TEMPORARY),
  SERVER_CREDENTIALS("MIL-002", ErrorCategory.PERMISSION),
  SERVER_TIMEOUT("MIL-003", ErrorCategory.TEMPORARY),
  SERVER_QUOTA("MIL-004", ErrorCategory.TEMPORARY),
  SERVER_REFUSED("MIL-005", ErrorCategory.TEMPORARY),
  SERVER_INCAPABLE("MIL-006", ErrorCategory.INCOMPATIBLE),
  COLLECTION_NOT_FOUND("MIL-007", ErrorCategory.NOT_FOUND),
  COLLECTION_NOT_LOADED("MIL-008", ErrorCategory.USAGE),
  COLLECTION_NOT_INDEXED("MIL-009", ErrorCategory.USAGE),
  TYPE_UNKNOWN("MIL-010", ErrorCategory.INCOMPATIBLE),
  ROW_TOO_LARGE("MIL-011", ErrorCategory.INCOMPATIBLE),
  HOST_UNKNOWN("MIL-012", ErrorCategory.NOT_FOUND),
  SERVER_CERTIFICATE("MIL-013", ErrorCategory.PERMISSION),
  PARTITION_NOT_FOUND("MIL-014", ErrorCategory.NOT_FOUND),
  FIELD_NOT_FOUND("MIL-015", ErrorCategory.NOT_FOUND),
  FILTER_INVALID("MIL-016", ErrorCategory.USAGE),
  TEXT_INVALID("MIL-017", ErrorCategory.INCOMPATIBLE),

  EXPORT_DIRECTORY_IN_USE("EXP-001", ErrorCategory.USAGE),
  EXPORT_JOURNAL_OTHER("EXP-002", ErrorCategory.USAGE),
  SOURCE_CHANGED("EXP-003", ErrorCategory.DIFFERENCE),
  SOURCE_RECREATED("EXP-004", ErrorCategory.NOT_FOUND),
  ROWS_LOST("EXP-005", ErrorCategory.DIFFERENCE),

  ARCHIVE_NOT_FOUND("ARC-001", ErrorCategory.NOT_FOUND),
  ARCHIVE_NOT_SEALED("ARC-002", ErrorCategory.INTEGRITY),
  ARCHIVE_DAMAGED("ARC-003", ErrorCategory.INTEGRITY),
  MANIFEST_TOO_NEW("ARC-004", ErrorCategory.INCOMPATIBLE),
  MANIFEST_REQUIRES("ARC-005", ErrorCategory.INCOMPATIBLE),
  MANIFEST_INVALID("ARC-006", ErrorCategory.INTEGRITY),
  PART_UNREADABLE("ARC-007", ErrorCategory.INTEGRITY),

  TARGET_EXISTS("IMP-001", ErrorCategory.CONFLICT),
  TARGET_SCHEMA_DIFFERS("IMP-002", ErrorCategory.CONFLICT),
  ALIAS_TAKEN("IMP-003", ErrorCategory.CONFLICT),
  KEYS_EXIST("IMP-004", ErrorCategory.CONFLICT),
  TARGET_CHANGED("IMP-005", ErrorCategory.CONFLICT),
  STAGING_UNREADABLE("IMP-006", ErrorCategory.USAGE),
  IMPORT_TASK_FAILED("IMP-007", ErrorCategory.TEMPORARY),
  IMPORT_TASK_STUCK("IMP-008", ErrorCategory.TEMPORARY),
  IMPORT_UNCERTAIN("IMP-009", ErrorCategory.CONFLICT),
  TARGET_INCAPABLE("IMP-010", ErrorCategory.INCOMPATIBLE),

  REMOTE_UNREACHABLE("SHIP-001", ErrorCategory.TEMPORARY),
  REMOTE_HOST_UNKNOWN("SHIP-002", ErrorCategory.NOT_FOUND),
  HOST_KEY_UNKNOWN("SHIP-003", ErrorCategory.PERMISSION),
  HOST_KEY_CHANGED("SHIP-004", ErrorCategory.PERMISSION),
  HOST_KEY_REVOKED("SHIP-005", ErrorCategory.PERMISSION),
  LOGIN_REFUSED("SHIP-006", ErrorCategory.PERMISSION),
  SSH_KEY_UNUSABLE("SHIP-007", ErrorCategory.PERMISSION),
  REMOTE_PERMISSION("SHIP-008", ErrorCategory.PERMISSION),
  REMOTE_FULL("SHIP-009", ErrorCategory.NO_SPACE),
  REMOTE_NOT_FOUND("SHIP-010", ErrorCategory.NOT_FOUND),
  REMOTE_REFUSED("SHIP-011", ErrorCategory.TEMPORARY),
  REMOTE_INCAPABLE("SHIP-012", ErrorCategory.INCOMPATIBLE),
  DESTINATION_TAKEN("SHIP-013", ErrorCategory.CONFLICT),
  CONNECTION_LOST("SHIP-014", ErrorCategory.TEMPORARY),
  DESTINATION_INVALID("SHIP-015", ErrorCategory.USAGE),
  VOLUME_TOO_SMALL("SHIP-016", ErrorCategory.USAGE),

  BUNDLE_NOT_FOUND("RCV-001", ErrorCategory.NOT_FOUND),
  BUNDLE_INCOMPLETE("RCV-002", ErrorCategory.TEMPORARY),
  BUNDLE_INVALID("RCV-003", ErrorCategory.INTEGRITY),
  BUNDLE_TOO_NEW("RCV-004", ErrorCategory.INCOMPATIBLE),
  BUNDLE_REQUIRES("RCV-005", ErrorCategory.INCOMPATIBLE),
  CHUNKS_DAMAGED("RCV-006", ErrorCategory.INTEGRITY),
  BUNDLE_UNSAFE("RCV-007", ErrorCategory.INTEGRITY),
  RECEIVE_DIRECTORY_IN_USE("RCV-008", ErrorCategory.USAGE),
  VOLUMES_MISSING("RCV-009", ErrorCategory.TEMPORARY),
  VOLUME_FOREIGN("RCV-010", ErrorCategory.USAGE),

  ROWS_DIFFER("CMP-001", ErrorCategory.DIFFERENCE),

  SIGNATURE_MISSING("SIG-001", ErrorCategory.INTEGRITY),
  SIGNATURE_INVALID("SIG-002", ErrorCategory.INTEGRITY),
  SIGNER_NOT_ALLOWED("SIG-003", ErrorCategory.INTEGRITY),
  ALLOWED_SIGNERS_INVALID("SIG-004", ErrorCategory.USAGE),
  SIGNING_KEY_UNUSABLE("SIG-005", ErrorCategory.PERMISSION),

  GATEWAY_UNREACHABLE("GTW-001", ErrorCategory.TEMPORARY),
  COLLECTION_NOT_MIRRORED("GTW-002", ErrorCategory.NOT_FOUND),
  MIRROR_BUSY("GTW-003", ErrorCategory.TEMPORARY),
  MIRROR_UNSAFE("GTW-004", ErrorCategory.CONFLICT),
  MIRROR_LAGGING("GTW-005", ErrorCategory.TEMPORARY),
  GATEWAY_STATE_OTHER("GTW-006", ErrorCategory.USAGE),
  COLLECTION_MIRRORED("GTW-007", ErrorCategory.CONFLICT),
  LISTEN_ADDRESS_TAKEN("GTW-008", ErrorCategory.CONFLICT),
  COLLECTION_REPLACED("GTW-009", ErrorCategory.CONFLICT),

  CUTOVER_UNSAFE("LIV-001", ErrorCategory.CONFLICT),
  CUTOVER_WENT_BACK("LIV-002", ErrorCategory.DIFFERENCE),
  BACKFILL_TOO_OLD("LIV-003", ErrorCategory.CONFLICT),
  NGINX_REFUSED("LIV-004", ErrorCategory.USAGE),
  PHASE_WRONG("LIV-005", ErrorCategory.USAGE),
  REPAIR_REFUSED("LIV-006", ErrorCategory.DIFFERENCE),
  ANSWERS_UNSETTLED("LIV-007", ErrorCategory.TEMPORARY),
  IMPORT_UNDER_WAY("LIV-008", ErrorCategory.TEMPORARY);

  private final String code;
  private final ErrorCategory category;

  ErrorCode(String code, ErrorCategory category) {
    this.code = code;
    this.category = category;
  }

  /** The stable code, such as {@code ARC-003}. */
  public String code() {
    return code;
  }

  public ErrorCategory category() {
    return category;
  }

  /** Whether running the same command again may succeed without any change. */
  public boolean retryable() {
    return category == ErrorCategory.TEMPORARY;
  }
}
