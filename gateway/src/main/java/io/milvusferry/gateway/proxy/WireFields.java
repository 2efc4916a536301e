package io.milvusferry.gateway.proxy;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The fields of a protobuf message, without making objects of them. A field that is appended
 * overrides a scalar of the same number and extends a repeated one, so nothing need be rewritten.
 */
public final class WireFields {
  /** Sees the fields of a message one by one. */
  interface Visitor {
    /** A field with a length: text, bytes or a message. What it shows is only good for the call. */
    default void bytes(int field, ByteBuffer value) throws IOException {}

    /** A field that is a number of varying length. */
    default void number(int field, long value) {}
  }

  private WireFields() {}

  /**
   * Shows the top-level fields in their order.
   *
   * @throws IllegalArgumentException when it is no protobuf message
   */
  static void visit(ByteBuffer message, Visitor visitor) {
    CodedInputStream in = CodedInputStream.newInstance(message.duplicate());
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        int field = WireFormat.getTagFieldNumber(tag);
        switch (WireFormat.getTagWireType(tag)) {
          case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
            int length = in.readRawVarint32();
            int from = message.position() + in.getTotalBytesRead();
            in.skipRawBytes(length);
            visitor.bytes(field, message.duplicate().position(from).limit(from + length));
          }
          case WireFormat.WIRETYPE_VARINT -> visitor.number(field, in.readRawVarint64());
          default -> in.skipField(tag);
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("this is no protobuf message", e);
    }
  }

  static void visit(byte[] message, Visitor visitor) {
    visit(ByteBuffer.wrap(message), visitor);
  }

  /** The text of a field. */
  static String text(ByteBuffer value) {
    return StandardCharsets.UTF_8.decode(value.duplicate()).toString();
  }

  /** The message with a number set. */
  static byte[] with(byte[] message, int field, long value) {
    byte[] suffix = new byte[CodedOutputStream.computeUInt64Size(field, value)];
    return concat(message, written(suffix, out -> out.writeUInt64(field, value)));
  }

  /** The message with a text set. */
  static byte[] with(byte[] message, int field, String value) {
    byte[] suffix = new byte[CodedOutputStream.computeStringSize(field, value)];
    return concat(message, written(suffix, out -> out.writeString(field, value)));
  }

  /** A message with nothing but one field, itself a message. */
  static byte[] wrapped(int field, byte[] value) {
    byte[] message = new byte[CodedOutputStream.computeByteArraySize(field, value)];
    return written(message, out -> out.writeByteArray(field, value));
  }

  /** One message after the other, which protobuf reads as one. */
  public static byte[] concat(byte[] head, byte[] tail) {
    byte[] whole = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, whole, head.length, tail.length);
    return whole;
  }

  private interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  private static byte[] written(byte[] room, Writing writing) {
    CodedOutputStream out = CodedOutputStream.newInstance(room);
    try {
      writing.to(out);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return room;
  }
}
