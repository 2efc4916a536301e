package io.milvusferry.gateway.proxy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.milvus.grpc.MutationResult;
import org.jspecify.annotations.Nullable;

/** The answers to the parts of one delete, as one answer. */
final class DeletedPages {
  private static final int STATUS = 1;
  private static final int DELETED = 7;

  private @Nullable Answer last;
  private long deleted;
  private int pages;

  /** Takes one more; false when it is a failure, after which nothing more should be deleted. */
  boolean add(Answer answer) {
    last = answer;
    pages++;
    if (!answer.milvusStatus(STATUS).ok()) {
      return false;
    }
    byte[] body = answer.body();
    try {
      deleted += MutationResult.parseFrom(body == null ? new byte[0] : body).getDeleteCnt();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("this is no answer to a delete", e);
    }
    return true;
  }

  /**
   * The answer to the application: of the server as it is when there was one part.
   *
   * @param unreadable why there are no more parts; null when all were found
   */
  Answer answer(@Nullable Answer unreadable) {
    Answer answer = last;
    if (unreadable != null) {
      // A status of Query stands at the same place as one of Delete, and is all there is.
      return unreadable;
    }
    if (answer == null) {
      return Answer.of(
          MutationResult.newBuilder()
              .setStatus(io.milvus.grpc.Status.getDefaultInstance())
              .setAcknowledged(true)
              .build()
              .toByteArray());
    }
    byte[] body = answer.body();
    if (pages == 1 || body == null || !answer.milvusStatus(STATUS).ok()) {
      return answer;
    }
    return Answer.of(WireFields.with(body, DELETED, deleted));
  }
}
