package io.milvusferry.gateway.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.milvusferry.record.Key;
import java.util.ArrayList;
import java.util.List;

/** Primary keys as JSON: text as it is, numbers as numbers, which are read digit by digit. */
final class KeyJson {
  private KeyJson() {}

  static JsonArray write(List<Key> keys) {
    JsonArray array = new JsonArray();
    for (Key key : keys) {
      array.add(
          key instanceof Key.Int64 number
              ? new JsonPrimitive(number.value())
              : new JsonPrimitive(key.text()));
    }
    return array;
  }

  static List<Key> read(JsonArray array) {
    List<Key> keys = new ArrayList<>();
    for (JsonElement element : array) {
      JsonPrimitive value = element.getAsJsonPrimitive();
      keys.add(
          value.isNumber()
              ? new Key.Int64(Long.parseLong(value.getAsString()))
              : new Key.Varchar(value.getAsString()));
    }
    return keys;
  }
}
