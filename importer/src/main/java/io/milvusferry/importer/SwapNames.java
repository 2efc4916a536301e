package io.milvusferry.importer;

import io.milvusferry.manifest.CollectionName;

/** What collections are called before and after they have the name that they are to have. */
record SwapNames(String id) {
  private static final int DIGITS = 8;

  SwapNames {
    id = id.substring(0, Math.min(DIGITS, id.length()));
  }

  /** While it is loaded. */
  CollectionName temporary(CollectionName name) {
    return with(name, "__new_");
  }

  /** When another one has taken its name. */
  CollectionName kept(CollectionName name) {
    return with(name, "__before_");
  }

  private CollectionName with(CollectionName name, String word) {
    return new CollectionName(name.database(), name.name() + word + id);
  }
}
