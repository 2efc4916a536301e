package io.milvusferry.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedPartTest {
  private static final long SEED = 3;
  private static final CollectionSchema SCHEMA =
      SampleRows.schema(
          FieldType.INT64,
          SampleRows.scalarFields(),
          SampleRows.vector(FieldType.FLOAT_VECTOR, 32));

  @TempDir Path dir;

  private Path file;
  private RecordBatch rows;
  private byte[] intact;

  @BeforeEach
  void writePart() throws IOException {
    file = dir.resolve("part-00000.parquet");
    rows = new SampleRows(SEED).rows(SCHEMA, 0, 200);
    Parts.write(file, rows, 200);
    intact = Files.readAllBytes(file);
  }

  /** Flips that change no value, as in statistics, are for the digests to find. */
  @Test
  void aFlippedBitNeverYieldsOtherRows() throws IOException {
    List<String> expected = Parts.text(rows);
    Random random = new Random(SEED);
    int found = 0;
    for (int i = 0; i < 600; i++) {
      byte[] damaged = intact.clone();
      int bit = random.nextInt(8 * (footer() - 4)) + 32;
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file, damaged);
      try {
        assertThat(Parts.text(Parts.read(file, SCHEMA.rowFields(), KeyRange.ALL)))
            .as("bit %d", bit)
            .isEqualTo(expected);
      } catch (FerryException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.PART_UNREADABLE);
        assertThat(e).hasMessageContaining("part-00000.parquet");
        found++;
      }
    }
    assertThat(found).isGreaterThan(500);
  }

  @Test
  void everyFlippedBitOfAVectorPageIsFound() throws IOException {
    byte[] value = new byte[Float.BYTES * 32];
    int at = indexOf(intact, vectorBytes(value, 100));
    for (int bit = 0; bit < 8 * value.length; bit += 5) {
      byte[] damaged = intact.clone();
      damaged[at + bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file, damaged);
      assertUnreadable(this::readAll, "CRC");
    }
  }

  @Test
  void anyTruncatedFileIsRefused() throws IOException {
    for (int length = 0; length < intact.length; length += 97) {
      Files.write(file, Arrays.copyOf(intact, length));
      assertUnreadable(this::readAll, "part-00000.parquet");
    }
  }

  @Test
  void aFooterThatClaimsAnAbsurdSizeIsRefusedBeforeItIsRead() throws IOException {
    byte[] damaged = intact.clone();
    ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putInt(intact.length - 8, 0x7fffffff);
    Files.write(file, damaged);

    assertUnreadable(this::readAll, "its footer claims 2147483647 bytes");
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.delete(file);

    assertUnreadable(this::readAll, "there is no such file");
  }

  @Test
  void aColumnOfAnotherTypeIsRefused() {
    List<FieldSpec> other = List.of(FieldSpec.of("f_int8", FieldType.INT32, Map.of()));

    assertUnreadable(() -> Parts.read(file, other, KeyRange.ALL), "f_int8");
  }

  @Test
  void aColumnThatIsNotThereIsNamed() {
    List<FieldSpec> other = List.of(FieldSpec.of("f_none", FieldType.INT32, Map.of()));

    assertUnreadable(() -> Parts.read(file, other, KeyRange.ALL), "it has no column f_none");
  }

  @Test
  void vectorsOfAnotherDimensionAreRefused() {
    List<FieldSpec> other = List.of(SampleRows.vector(FieldType.FLOAT_VECTOR, 31));

    assertUnreadable(() -> Parts.read(file, other, KeyRange.ALL), "another length than 31");
  }

  private void readAll() {
    Parts.read(file, SCHEMA.rowFields(), KeyRange.ALL);
  }

  private static void assertUnreadable(ThrowingCallable read, String reason) {
    assertThatThrownBy(read)
        .isInstanceOfSatisfying(
            FerryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PART_UNREADABLE))
        .hasMessageContaining("part-00000.parquet")
        .hasMessageContaining(reason);
  }

  private int footer() {
    int length = ByteBuffer.wrap(intact).order(ByteOrder.LITTLE_ENDIAN).getInt(intact.length - 8);
    return intact.length - 8 - length;
  }

  private byte[] vectorBytes(byte[] into, int row) {
    ((io.milvusferry.record.Column.Vectors) rows.column("vector"))
        .bytes()
        .get(row * into.length, into);
    return into;
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int at = 0; at <= bytes.length - wanted.length; at++) {
      if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    throw new AssertionError("vectors do not lie in the file as they are");
  }
}
