package io.milvusferry.transfer.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockChunkCodecTest {
  private static final int DIMENSION = 768;

  private final ChunkCodec codec = new BlockChunkCodec();
  private final Random random = new Random(7);

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 2, 3, 7, 9, 1023, 8191, 8193, 262_143, 262_144, 262_145, 1_000_003, 3 << 20})
  void opensWhatItPacked(int length) throws IOException {
    for (byte[] raw : new byte[][] {floats(length), noise(length), text(length)}) {
      assertThat(decode(encode(raw))).isEqualTo(raw);
    }
  }

  @Test
  void packsUnitVectorsAsSmallAsTheirEntropyAllowsAlmost() throws IOException {
    byte[] raw = floats(8 << 20);

    assertThat((double) raw.length / encode(raw).length).isBetween(1.185, 1.21);
  }

  @Test
  void packsHalfPrecisionByPairsOfBytes() throws IOException {
    byte[] raw = floats(4 << 20);
    byte[] halves = new byte[raw.length / 2];
    for (int i = 0; i < halves.length; i += 2) {
      halves[i] = raw[2 * i + 2];
      halves[i + 1] = raw[2 * i + 3];
    }

    byte[] wire = encode(halves);

    assertThat(header(wire).getInt(0)).isEqualTo(BlockForm.SHUFFLE2.code());
    assertThat((double) halves.length / wire.length).isGreaterThan(1.3);
  }

  @Test
  void packsTextAsItIs() throws IOException {
    byte[] wire = encode(text(1 << 20));

    assertThat(header(wire).getInt(0)).isEqualTo(BlockForm.ZSTD.code());
    assertThat(wire.length).isLessThan((1 << 20) / 3);
  }

  @Test
  void addsNothingButHeadersToWhatDoesNotShrink() throws IOException {
    byte[] raw = noise(1 << 20);

    byte[] wire = encode(raw);

    assertThat(wire).hasSize(raw.length + 4 * BlockChunkCodec.HEADER);
    assertThat(header(wire).getInt(0)).isEqualTo(BlockForm.STORED.code());
  }

  @Test
  void choosesForEachBlock() throws IOException {
    byte[] raw = new byte[3 * BlockChunkCodec.BLOCK];
    System.arraycopy(text(BlockChunkCodec.BLOCK), 0, raw, 0, BlockChunkCodec.BLOCK);
    System.arraycopy(
        noise(BlockChunkCodec.BLOCK), 0, raw, BlockChunkCodec.BLOCK, BlockChunkCodec.BLOCK);
    System.arraycopy(
        floats(BlockChunkCodec.BLOCK), 0, raw, 2 * BlockChunkCodec.BLOCK, BlockChunkCodec.BLOCK);

    byte[] wire = encode(raw);

    int second = BlockChunkCodec.HEADER + header(wire).getInt(8);
    int third = second + BlockChunkCodec.HEADER + BlockChunkCodec.BLOCK;
    assertThat(header(wire).getInt(0)).isEqualTo(BlockForm.ZSTD.code());
    assertThat(header(wire).getInt(second)).isEqualTo(BlockForm.STORED.code());
    assertThat(header(wire).getInt(third)).isEqualTo(BlockForm.SHUFFLE4.code());
    assertThat(decode(wire)).isEqualTo(raw);
  }

  @Test
  void makesTheSameBytesAgain() throws IOException {
    byte[] raw = floats(1_000_000);

    assertThat(encode(raw)).isEqualTo(encode(raw));
  }

  @Test
  void noticesEveryFlippedBit() throws IOException {
    for (byte[] raw : new byte[][] {floats(3000), noise(300), text(3000)}) {
      byte[] wire = encode(raw);
      for (int bit = 0; bit < 8 * wire.length; bit += wire.length > 1000 ? 13 : 1) {
        byte[] damaged = wire.clone();
        damaged[bit / 8] ^= (byte) (1 << bit % 8);
        assertIsNotTaken(damaged, raw, "bit " + bit);
      }
    }
  }

  @Test
  void noticesWhereverItIsCut() throws IOException {
    byte[] raw = text(3000);
    byte[] wire = encode(raw);
    for (int length = 1; length < wire.length; length++) {
      byte[] cut = Arrays.copyOf(wire, length);
      assertThatThrownBy(() -> decode(cut))
          .as("after %d bytes", length)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("block 0: ");
    }
  }

  @Test
  void takesNoMemoryForWhatAHeaderPromises() throws IOException {
    byte[] wire = encode(text(3000));
    for (int promised : new int[] {BlockChunkCodec.MOST_BLOCK + 1, Integer.MAX_VALUE, -1, 0}) {
      header(wire).putInt(4, promised);
      assertThatThrownBy(() -> decode(wire))
          .isInstanceOf(IOException.class)
          .hasMessage("block 0: it says that it has %d bytes", promised);
    }
  }

  @Test
  void refusesAFormThatItDoesNotKnow() throws IOException {
    byte[] wire = encode(text(3000));
    header(wire).putInt(0, 3);

    assertThatThrownBy(() -> decode(wire)).hasMessage("block 0: its form is 3");
  }

  /** Damage may hit a bit that zstd does not use; then the same bytes must come out. */
  private void assertIsNotTaken(byte[] wire, byte[] raw, String where) {
    byte[] opened;
    try {
      opened = decode(wire);
    } catch (IOException expected) {
      return;
    }
    assertThat(opened).as(where).isEqualTo(raw);
  }

  private byte[] encode(byte[] raw) throws IOException {
    try (InputStream wire = codec.encode(new ByteArrayInputStream(raw))) {
      return wire.readAllBytes();
    }
  }

  private byte[] decode(byte[] wire) throws IOException {
    try (InputStream raw = codec.decode(new ByteArrayInputStream(wire))) {
      return raw.readAllBytes();
    }
  }

  private static ByteBuffer header(byte[] wire) {
    return ByteBuffer.wrap(wire).order(ByteOrder.LITTLE_ENDIAN);
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] text(int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append("{\"id\": ").append(random.nextInt(1_000_000)).append(", \"title\": \"row\"}\n");
    }
    return Arrays.copyOf(text.toString().getBytes(StandardCharsets.US_ASCII), length);
  }

  /** Vectors of length one. */
  private byte[] floats(int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length + DIMENSION * 4).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.position() < length) {
      double[] vector = random.doubles(DIMENSION).map(any -> random.nextGaussian()).toArray();
      double norm = Math.sqrt(Arrays.stream(vector).map(x -> x * x).sum());
      for (double element : vector) {
        bytes.putFloat((float) (element / norm));
      }
    }
    return Arrays.copyOf(bytes.array(), length);
  }
}
