package io.milvusferry.gateway.proxy;

import io.milvus.grpc.ErrorCode;
import io.milvusferry.error.FerryException;
import java.nio.ByteBuffer;

/**
 * How Milvus says inside an answer whether a call succeeded: by an old code, a new one, or both.
 *
 * @param errorCode the old code, 0 for success
 * @param code the new code, 0 for success or where the server has none
 */
@SuppressWarnings("deprecation") // the old codes are all that 2.2 has, and 2.3 mixes both
record MilvusStatus(int errorCode, int code, String reason) {
  static final MilvusStatus SUCCESS = new MilvusStatus(0, 0, "");

  /** No answer, so nothing of Milvus is known. */
  static final MilvusStatus TRANSPORT = new MilvusStatus(-1, -1, "no answer");

  private static final int OLD_CODE = 1;
  private static final int REASON = 2;
  private static final int CODE = 3;

  /** Asks the application's client to try again by itself, slower each time. */
  private static final int RATE_LIMIT = 8;

  private static final int UNEXPECTED = 65_535;

  static MilvusStatus read(ByteBuffer message) {
    int[] codes = new int[2];
    String[] reason = {""};
    WireFields.visit(
        message,
        new WireFields.Visitor() {
          @Override
          public void number(int field, long value) {
            if (field == OLD_CODE) {
              codes[0] = (int) value;
            } else if (field == CODE) {
              codes[1] = (int) value;
            }
          }

          @Override
          public void bytes(int field, ByteBuffer value) {
            if (field == REASON) {
              reason[0] = WireFields.text(value);
            }
          }
        });
    return new MilvusStatus(codes[0], codes[1], reason[0]);
  }

  /** A failure of the gateway, as Milvus' clients understand it. */
  static MilvusStatus of(FerryException failure) {
    boolean later = failure.code() == io.milvusferry.error.ErrorCode.MIRROR_LAGGING;
    return new MilvusStatus(
        later ? ErrorCode.RateLimit.getNumber() : ErrorCode.UnexpectedError.getNumber(),
        later ? RATE_LIMIT : UNEXPECTED,
        "%s %s. %s".formatted(failure.code().code(), failure.getMessage(), failure.hint()));
  }

  boolean ok() {
    return errorCode == 0 && code == 0;
  }

  /** Whether the call never became a change: the server refused it before it did anything. */
  boolean refusal() {
    return refused(code) || (code == 0 && refusedOld(ErrorCode.forNumber(errorCode)));
  }

  private static boolean refused(int code) {
    // Rate and quota; collection, partition, database; parameters; privileges.
    return (code >= 8 && code <= 9)
        || (code >= 100 && code < 300)
        || (code >= 800 && code < 900)
        || (code >= 1100 && code < 1200)
        || (code >= 1400 && code < 1500);
  }

  private static boolean refusedOld(@org.jspecify.annotations.Nullable ErrorCode code) {
    if (code == null) {
      return false;
    }
    return switch (code) {
      case PermissionDenied,
          CollectionNotExists,
          CollectionNameNotFound,
          IllegalArgument,
          IllegalDimension,
          IllegalRowRecord,
          IllegalCollectionName,
          RateLimit,
          ForceDeny,
          MemoryQuotaExhausted,
          DiskQuotaExhausted,
          UpsertAutoIDTrue,
          SchemaMismatch ->
          true;
      default -> false;
    };
  }

  /** The bytes of the message. */
  byte[] bytes() {
    byte[] message = WireFields.with(new byte[0], OLD_CODE, errorCode);
    return WireFields.with(WireFields.with(message, REASON, reason), CODE, code);
  }

  /** An answer that says this and nothing else. */
  Answer answer(int statusField) {
    return Answer.of(statusField == 0 ? bytes() : WireFields.wrapped(statusField, bytes()));
  }
}
