package io.milvusferry.transfer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.signature.OriginCheck;
import io.milvusferry.signature.SignatureNamespace;
import java.util.Optional;

/** The signature that lies beside the index of a bundle. */
final class BundleIndexSignature {
  /** Nothing larger is a signature; what is, is refused for its size. */
  static final int MOST_READ = 1 << 20;

  private BundleIndexSignature() {}

  /**
   * Requires that an index is signed as is demanded.
   *
   * @param what the bundle in words
   * @throws FerryException as {@link OriginCheck#check}
   */
  static void require(OriginCheck origin, String what, byte[] index, Optional<byte[]> signature) {
    try {
      origin.check(SignatureNamespace.BUNDLE, what, index, signature);
    } catch (FerryException e) {
      throw switch (e.code()) {
        case SIGNATURE_MISSING ->
            new FerryException(
                ErrorCode.SIGNATURE_MISSING,
                String.valueOf(e.getMessage()),
                "Ask its owner to ship it again with --sign. If only the archive in it is signed,"
                    + " receive it without --verify-with, then run ferry verify --verify-with.",
                e);
        case SIGNATURE_INVALID ->
            new FerryException(
                ErrorCode.SIGNATURE_INVALID,
                String.valueOf(e.getMessage()),
                e.hint() + " If ferry ship is running there, wait until it has ended.",
                e);
        default -> e;
      };
    }
  }
}
