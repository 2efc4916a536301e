package io.milvusferry.cli;

import com.google.gson.JsonArray;
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
    deviations.forEach(deviation -> array.add(deviation.json()));
    return array;
  }
}
