package io.milvusferry.cli;

import com.google.gson.JsonObject;
import io.milvusferry.signature.Origin;

/** How a result says where something comes from. */
final class JsonOrigin {
  private JsonOrigin() {}

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
