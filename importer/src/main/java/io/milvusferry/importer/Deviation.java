package io.milvusferry.importer;

import com.google.gson.JsonObject;

/**
 * Something that the target cannot keep, or keeps differently, without losing a row.
 *
 * @param path what differs then, as the difference report names it, such as {@code
 *     schema.fields.id.autoId}
 * @param what what is not kept, and why; lower case, no full stop
 * @param instead what is done instead; lower case, no full stop
 * @param asked whether it follows from what the operator asked for, or happens at every target;
 *     then {@code --strict} lets it pass
 */
public record Deviation(String path, String what, String instead, boolean asked) {
  public Deviation {
    if (path.isEmpty() || what.isEmpty() || instead.isEmpty()) {
      throw new IllegalArgumentException("a deviation that says nothing: " + path);
    }
  }

  /** What a target cannot do. */
  static Deviation of(String path, String what, String instead) {
    return new Deviation(path, what, instead, false);
  }

  /** What was asked for, or happens everywhere. */
  static Deviation asked(String path, String what, String instead) {
    return new Deviation(path, what, instead, true);
  }

  /** Reads what {@link #json} made. */
  static Deviation parse(JsonObject json) {
    return new Deviation(
        json.get("path").getAsString(),
        json.get("what").getAsString(),
        json.get("instead").getAsString(),
        json.get("asked").getAsBoolean());
  }

  /** As journals and results have it. */
  public JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("path", path);
    json.addProperty("what", what);
    json.addProperty("instead", instead);
    json.addProperty("asked", asked);
    return json;
  }

  /** All of it in one sentence. */
  public String sentence() {
    return "%s; instead %s (%s)".formatted(what, instead, path);
  }
}
