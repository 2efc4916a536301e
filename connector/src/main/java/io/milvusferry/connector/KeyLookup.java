package io.milvusferry.connector;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.record.Key;
import io.milvusferry.record.RecordBatch;
import java.util.ArrayList;
import java.util.List;

/** Looks rows up by key, in as many queries as the size of their answers needs. */
final class KeyLookup {
  private static final int KEYS_PER_QUERY = 1000;

  /** Asks for rows by an expression over their keys. */
  @FunctionalInterface
  interface Query {
    QueryAnswer rows(String expression, int limit);
  }

  private final Literals literals;
  private final PageDecoder decoder;
  private final Query query;

  KeyLookup(CollectionSchema schema, Query query) {
    this.literals = new Literals(schema.primaryKey());
    this.decoder = new PageDecoder(schema.rowFields());
    this.query = query;
  }

  List<RecordBatch> find(List<Key> keys) {
    List<RecordBatch> found = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += KEYS_PER_QUERY) {
      find(keys.subList(from, Math.min(keys.size(), from + KEYS_PER_QUERY)), found);
    }
    return found;
  }

  private void find(List<Key> keys, List<RecordBatch> found) {
    try {
      RecordBatch batch = decoder.decode(query.rows(literals.oneOf(keys), keys.size()));
      if (batch != null) {
        found.add(batch);
      }
    } catch (FerryException e) {
      if (e.code() != ErrorCode.ROW_TOO_LARGE || keys.size() == 1) {
        throw e;
      }
      find(keys.subList(0, keys.size() / 2), found);
      find(keys.subList(keys.size() / 2, keys.size()), found);
    }
  }
}
