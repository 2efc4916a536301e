package io.milvusferry.storage.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BinlogTest {
  private static final byte[] PAYLOAD = "PAR1 and so on".getBytes(StandardCharsets.UTF_8);

  @Test
  void saysWhereItsValuesBelongAndHandsThemOn() throws IOException {
    Binlog binlog = Binlog.parse(file(101, 1, "{\"original_size\":\"12\"}"));
    assertThat(binlog.descriptor())
        .isEqualTo(new BinlogDescriptor(7, 8, 9, 101, 20, 30, 5, false, false, ""));
    assertThat(binlog.events()).hasSize(1);
    assertThat(binlog.events().get(0).startTimestamp()).isEqualTo(20);
    assertThat(binlog.events().get(0).endTimestamp()).isEqualTo(30);
    assertThat(binlog.events().get(0).payload()).isEqualTo(ByteBuffer.wrap(PAYLOAD));
  }

  @Test
  void tellsEncryptedAndNullableValuesAndOtherForms() throws IOException {
    BinlogDescriptor descriptor =
        Binlog.parse(file(-1, 2, "{\"edek\":\"k\",\"nullable\":true,\"version\":\"MULTI_FIELD\"}"))
            .descriptor();
    assertThat(descriptor.encrypted()).isTrue();
    assertThat(descriptor.nullable()).isTrue();
    assertThat(descriptor.version()).isEqualTo("MULTI_FIELD");
  }

  @Test
  void refusesEveryFileThatIsCutWithinAnEvent() throws IOException {
    byte[] file = file(101, 1, "{}");
    int afterDescriptor = 4 + 17 + 52 + 8 + 4 + 2;
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      if (length == afterDescriptor) {
        assertThat(Binlog.parse(cut).events()).isEmpty();
      } else {
        assertThatThrownBy(() -> Binlog.parse(cut)).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void refusesAnotherKindOfFileAndEventsOfAnotherKind() {
    byte[] file = file(101, 1, "{}");
    byte[] foreign = file.clone();
    foreign[0] ^= 1;
    assertThatThrownBy(() -> Binlog.parse(foreign)).hasMessageContaining("it begins with 0x");
    assertThatThrownBy(() -> Binlog.parse(file(101, 2, "{}")))
        .hasMessageContaining("is of type 2, not 1");
    assertThatThrownBy(() -> Binlog.parse(file(101, 1, "{"))).hasMessageContaining("is not JSON");
  }

  private static byte[] file(long field, int type, String extras) {
    byte[] json = extras.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0x00fffabc);
    header(file, 0, 52 + 8 + 4 + json.length);
    file.putLong(7).putLong(8).putLong(9).putLong(field).putLong(20).putLong(30).putInt(5);
    file.put(new byte[8]).putInt(json.length).put(json);
    header(file, type, 16 + PAYLOAD.length);
    file.putLong(20).putLong(30).put(PAYLOAD);
    return Arrays.copyOf(file.array(), file.position());
  }

  private static void header(ByteBuffer file, int type, int content) {
    int length = 17 + content;
    int next = file.position() + length;
    file.putLong(1).put((byte) type).putInt(length).putInt(next);
  }
}
