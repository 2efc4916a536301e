package io.milvusferry.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvusferry.importer.Deviation;
import java.util.List;

/** What a target cannot keep, as reports print it. */
final class Deviations {
  private Deviations() {}

  /** One line each. */
  static List<String> lines(List<Deviation> deviations) {
    return deviations.stream().map(one -> "    declared: " + one.sentence()).toList();
  }

  static JsonArray json(List<Deviation> deviations) {
    JsonArray array = new JsonArray();
    for (Deviation deviation : deviations) {
      JsonObject object = new JsonObject();
      object.addProperty("path", deviation.path());
      object.addProperty("what", deviation.what());
      object.addProperty("instead", deviation.instead());
      object.addProperty("asked", deviation.asked());
      array.add(object);
    }
    return array;
  }
}
