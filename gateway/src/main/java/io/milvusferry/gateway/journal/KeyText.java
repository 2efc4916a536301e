package io.milvusferry.gateway.journal;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.milvusferry.record.Key;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** The keys of a write as a JSON array: numbers for int64 keys, strings for varchar keys. */
final class KeyText {
  private KeyText() {}

  static String write(List<Key> keys) {
    StringWriter text = new StringWriter(16 * keys.size() + 2);
    try (JsonWriter json = new JsonWriter(text)) {
      json.beginArray();
      for (Key key : keys) {
        if (key instanceof Key.Int64 number) {
          json.value(number.value());
        } else {
          json.value(key.text());
        }
      }
      json.endArray();
    } catch (IOException impossible) {
      throw new IllegalStateException("a string was not written", impossible);
    }
    return text.toString();
  }

  /**
   * @throws IOException when the text is not what {@link #write} wrote
   */
  static List<Key> read(String text) throws IOException {
    List<Key> keys = new ArrayList<>();
    try (JsonReader json = new JsonReader(new StringReader(text))) {
      json.beginArray();
      while (json.hasNext()) {
        keys.add(
            json.peek() == JsonToken.NUMBER
                ? new Key.Int64(json.nextLong())
                : new Key.Varchar(json.nextString()));
      }
      json.endArray();
    } catch (IllegalStateException | NumberFormatException e) {
      throw new IOException("not a list of keys", e);
    }
    return keys;
  }
}
