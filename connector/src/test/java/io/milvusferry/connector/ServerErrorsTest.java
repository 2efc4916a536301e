package io.milvusferry.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.milvus.grpc.Status;
import io.milvus.shaded.io.grpc.StatusRuntimeException;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerErrorsTest {
  private static final String CALL = "Query of default.a";
  private static final String ADDRESS = "milvus.example:19530";

  @Nested
  class AGrpcStatus {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            DEADLINE_EXCEEDED  | deadline exceeded after 9.9s                          | SERVER_TIMEOUT
            UNAUTHENTICATED    | auth check failure, please check username and password | SERVER_CREDENTIALS
            PERMISSION_DENIED  | permission deny to reader                              | SERVER_CREDENTIALS
            UNIMPLEMENTED      | unknown method Query                                   | SERVER_INCAPABLE
            RESOURCE_EXHAUSTED | rate limit exceeded[rate=10]                           | SERVER_QUOTA
            RESOURCE_EXHAUSTED | trying to send message larger than max (7 vs. 6)       | ROW_TOO_LARGE
            CANCELLED          | Thread interrupted                                     | INTERRUPTED
            UNAVAILABLE        | io exception                                           | SERVER_UNREACHABLE
            UNKNOWN            | collection not loaded                                  | COLLECTION_NOT_LOADED
            UNKNOWN            | panic                                                  | SERVER_REFUSED
            INTERNAL           | panic                                                  | SERVER_REFUSED
            """)
    void leadsToItsCode(
        io.milvus.shaded.io.grpc.Status.Code status, String description, ErrorCode code) {
      FerryException failure = of(status.toStatus().withDescription(description));

      assertThat(failure.code()).isEqualTo(code);
      assertThat(failure.hint()).isNotBlank();
      assertThat(failure).hasMessageContaining(ADDRESS).hasCauseInstanceOf(Exception.class);
    }

    @Test
    void namesTheCall() {
      assertThat(of(io.milvus.shaded.io.grpc.Status.UNIMPLEMENTED))
          .hasMessage("Query of default.a at milvus.example:19530: is not known there");
    }

    @Test
    void withoutADescriptionIsNamedByItself() {
      assertThat(of(io.milvus.shaded.io.grpc.Status.DATA_LOSS))
          .hasMessage("Query of default.a at milvus.example:19530: DATA_LOSS");
    }

    @Test
    void withADescriptionOfSeveralLinesBecomesOneLine() {
      assertThat(of(io.milvus.shaded.io.grpc.Status.UNKNOWN.withDescription("stack:\n\tline 1\n")))
          .hasMessage("Query of default.a at milvus.example:19530: stack: line 1 ");
    }

    @Test
    void tellsAMissingPrivilegeFromAWrongPassword() {
      FerryException denied = of(io.milvus.shaded.io.grpc.Status.PERMISSION_DENIED);
      FerryException wrong = of(io.milvus.shaded.io.grpc.Status.UNAUTHENTICATED);

      assertThat(denied.hint()).contains("privileges");
      assertThat(wrong.hint()).contains("password");
    }
  }

  @Nested
  class AServerThatIsNotReached {
    @Test
    void isOfAnUnknownHostWhereTheNameDoesNotResolve() {
      FerryException unknown = unavailable(new UnknownHostException("nowhere.invalid"));
      FerryException unresolved =
          unavailable(new RuntimeException(new UnresolvedAddressException()));

      assertThat(unknown.code()).isEqualTo(ErrorCode.HOST_UNKNOWN);
      assertThat(unknown).hasMessage("the host of milvus.example:19530 is not known");
      assertThat(unresolved.code()).isEqualTo(ErrorCode.HOST_UNKNOWN);
    }

    @Test
    void isNamedWithTheReasonAtTheRoot() {
      FerryException refused =
          unavailable(new RuntimeException("io", new ConnectException("Connection refused")));

      assertThat(refused.code()).isEqualTo(ErrorCode.SERVER_UNREACHABLE);
      assertThat(refused)
          .hasMessage("no Milvus server answers at milvus.example:19530: Connection refused");
    }

    @Test
    void isNotTrustedWhereTlsFailed() {
      FerryException distrusted =
          unavailable(new SSLHandshakeException("unable to find valid certification path"));

      assertThat(distrusted.code()).isEqualTo(ErrorCode.SERVER_CERTIFICATE);
      assertThat(distrusted).hasMessageContaining("unable to find valid certification path");
      assertThat(distrusted.hint()).contains("caFile");
    }

    private FerryException unavailable(Throwable cause) {
      return of(io.milvus.shaded.io.grpc.Status.UNAVAILABLE.withCause(cause));
    }
  }

  @Nested
  class AnAnswer {
    @Test
    void ofSuccessPasses() {
      assertThatCode(() -> ServerErrors.check(Status.getDefaultInstance(), CALL, ADDRESS))
          .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            100   | whatever the words                                            | COLLECTION_NOT_FOUND
            1     | can't find collection: a                                      | COLLECTION_NOT_FOUND
            4     | collection not found[collection=a]                            | COLLECTION_NOT_FOUND
            800   | database not found[database=b]                                | COLLECTION_NOT_FOUND
            101   | whatever the words                                            | COLLECTION_NOT_LOADED
            1     | collection a was not loaded into memory: not loaded           | COLLECTION_NOT_LOADED
            103   | collection not fully loaded                                   | COLLECTION_NOT_LOADED
            700   | index not found[indexName=]                                   | COLLECTION_NOT_INDEXED
            65535 | there is no vector index on collection: a                     | COLLECTION_NOT_INDEXED
            1     | Index not exist                                               | COLLECTION_NOT_INDEXED
            700   | no index on collection 'a'                                    | COLLECTION_NOT_INDEXED
            1     | index doesn't exist, collectionID 470698984581055760          | COLLECTION_NOT_INDEXED
            8     | request is rejected by grpc RateLimiter middleware: rate limit | SERVER_QUOTA
            9     | quota exceeded, please check your memory/disk                 | SERVER_QUOTA
            3     | memory limit exceeded                                         | SERVER_QUOTA
            65535 | unimplemented                                                 | SERVER_INCAPABLE
            1     | this is not supported now                                     | SERVER_INCAPABLE
            1     | auth check failure, please check username and password        | SERVER_CREDENTIALS
            65535 | PrivilegeInsert: permission deny to reader                     | SERVER_CREDENTIALS
            65535 | something else                                                | SERVER_REFUSED
            """)
    void thatSaysNoLeadsToTheCodeOfItsNumberOrWords(int number, String words, ErrorCode code) {
      FerryException failure =
          refused(Status.newBuilder().setCode(number).setReason(words).build());

      assertThat(failure.code()).isEqualTo(code);
      assertThat(failure).hasMessage("%s at %s: %s".formatted(CALL, ADDRESS, words));
      assertThat(failure.hint()).endsWith(".");
    }

    @Test
    @SuppressWarnings("deprecation")
    void ofAnOldServerSaysNoByItsOldCodeAlone() {
      FerryException failure =
          refused(
              Status.newBuilder()
                  .setErrorCode(io.milvus.grpc.ErrorCode.UnexpectedError)
                  .setReason("can't find collection: a")
                  .build());

      assertThat(failure.code()).isEqualTo(ErrorCode.COLLECTION_NOT_FOUND);
    }

    @Test
    void thatIsNotLoadedOrNotIndexedNamesTheOptionThatHelps() {
      assertThat(refused(Status.newBuilder().setCode(101).build()).hint()).contains("--load");
      assertThat(
              refused(Status.newBuilder().setCode(700).setReason("index not found").build()).hint())
          .contains("--temporary-index");
    }

    private FerryException refused(Status status) {
      return catchThrowableOfType(
          FerryException.class, () -> ServerErrors.check(status, CALL, ADDRESS));
    }
  }

  private static FerryException of(io.milvus.shaded.io.grpc.Status status) {
    return ServerErrors.of(new StatusRuntimeException(status), CALL, ADDRESS);
  }
}
