package io.milvusferry.violation;

import com.google.gson.Gson;

/** Reads JSON into whatever it looks like. */
public final class ReadsJsonByReflection {
  Prints read(String json) {
    return new Gson().fromJson(json, Prints.class);
  }
}
