package io.milvusferry.storage.binlog;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A binlog of Milvus' storage version 1: a magic number, a descriptor, and events, each around one
 * whole Parquet file. All numbers are little-endian.
 *
 * <p>An event begins with {@code u64 timestamp, u8 type, i32 length, i32 nextPosition}, of which
 * the length counts these 17 bytes too. The descriptor goes on with {@code i64 collection,
 * partition, segment, field, u64 startTimestamp, endTimestamp, i32 dataType}, eight bytes of
 * lengths, and JSON with its length as i32 before it; other events with {@code u64 startTimestamp,
 * endTimestamp} and the Parquet file up to {@code nextPosition}. Source: files of servers 2.2.16
 * and 2.3.5.
 *
 * @param events in the order of the file
 */
public record Binlog(BinlogDescriptor descriptor, List<Event> events) {
  private static final int MAGIC = 0x00fffabc;
  private static final int EVENT_HEADER_BYTES = 17;
  private static final int POST_HEADER_BYTES = 8;
  private static final int DESCRIPTOR = 0;
  private static final int INSERT = 1;
  private static final int DELETE = 2;

  /**
   * Values with their timestamps' bounds.
   *
   * @param payload a Parquet file, from position to limit
   */
  public record Event(long startTimestamp, long endTimestamp, ByteBuffer payload) {}

  public Binlog {
    events = List.copyOf(events);
  }

  /**
   * Reads a file.
   *
   * @throws IOException when it is no binlog, or ends early; the message says where
   */
  public static Binlog parse(byte[] file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    try {
      int magic = bytes.getInt();
      if (magic != MAGIC) {
        throw new IOException("it begins with 0x%08x, not with 0x%08x".formatted(magic, MAGIC));
      }
      ByteBuffer first = event(bytes, DESCRIPTOR);
      BinlogDescriptor descriptor = descriptor(first);
      List<Event> events = new ArrayList<>();
      while (bytes.hasRemaining()) {
        ByteBuffer content = event(bytes, descriptor.field() < 0 ? DELETE : INSERT);
        events.add(new Event(content.getLong(), content.getLong(), content.slice()));
      }
      return new Binlog(descriptor, events);
    } catch (BufferUnderflowException e) {
      throw new IOException("it ends after %d bytes within a header".formatted(file.length), e);
    }
  }

  /** What follows the header of the event at hand, which must be of this type. */
  private static ByteBuffer event(ByteBuffer bytes, int type) throws IOException {
    int start = bytes.position();
    bytes.getLong();
    int found = bytes.get();
    int length = bytes.getInt();
    int next = bytes.getInt();
    if (found != type) {
      throw new IOException("event at byte %d is of type %d, not %d".formatted(start, found, type));
    }
    if (length < EVENT_HEADER_BYTES || next != start + length) {
      throw new IOException(
          "event at byte %d is %d bytes long, but the next is at %d"
              .formatted(start, length, next));
    }
    if (next > bytes.limit()) {
      throw new IOException(
          "event at byte %d ends at %d, but the file has %d bytes"
              .formatted(start, next, bytes.limit()));
    }
    ByteBuffer content =
        bytes.slice(bytes.position(), next - bytes.position()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(next);
    return content;
  }

  private static BinlogDescriptor descriptor(ByteBuffer bytes) throws IOException {
    long collection = bytes.getLong();
    long partition = bytes.getLong();
    long segment = bytes.getLong();
    long field = bytes.getLong();
    long start = bytes.getLong();
    long end = bytes.getLong();
    int dataType = bytes.getInt();
    bytes.position(Math.min(bytes.limit(), bytes.position() + POST_HEADER_BYTES));
    JsonObject extras = extras(bytes);
    return new BinlogDescriptor(
        collection,
        partition,
        segment,
        field,
        start,
        end,
        dataType,
        text(extras, "nullable").equals("true"),
        extras.has("edek") || extras.has("encryption_zone"),
        text(extras, "version"));
  }

  private static JsonObject extras(ByteBuffer bytes) throws IOException {
    int length = bytes.getInt();
    if (length < 0 || length > bytes.remaining()) {
      throw new IOException("its descriptor has %d bytes of JSON".formatted(length));
    }
    byte[] json = new byte[length];
    bytes.get(json);
    try {
      JsonElement extras = JsonParser.parseString(new String(json, StandardCharsets.UTF_8));
      return extras.isJsonObject() ? extras.getAsJsonObject() : new JsonObject();
    } catch (JsonParseException e) {
      throw new IOException("its descriptor is not JSON", e);
    }
  }

  private static String text(JsonObject extras, String key) {
    JsonElement value = extras.get(key);
    return value == null || !value.isJsonPrimitive() ? "" : value.getAsString();
  }
}
