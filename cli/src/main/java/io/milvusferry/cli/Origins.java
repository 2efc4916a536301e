package io.milvusferry.cli;

import com.google.gson.JsonObject;
import io.milvusferry.signature.Origin;
import java.util.List;

/** How a report says where something comes from. */
final class Origins {
  private Origins() {}

  /** A line about the signature, if there is one. */
  static List<String> lines(Origin origin) {
    return origin instanceof Origin.Unsigned ? List.of() : List.of("origin  " + origin.words());
  }

  /** Adds the members {@code signature}, and {@code signedBy} and {@code signingKey} if proven. */
  static void describe(JsonObject result, Origin origin) {
    if (origin instanceof Origin.Proven proven) {
      result.addProperty("signature", "proven");
      result.addProperty("signedBy", proven.principals());
      result.addProperty("signingKey", proven.fingerprint());
    } else {
      result.addProperty("signature", origin instanceof Origin.Unsigned ? "none" : "unchecked");
    }
  }
}
