package io.milvusferry.testkit;

/** What can be asked of a {@link FakeMilvus}, as far as tests step in. */
public enum FakeCall {
  DESCRIBE,
  COUNT,
  SLICES,
  /** One page of a scan. */
  PAGE,
  SEARCH,
  SEGMENTS,
  FLUSH,
  LOAD,
  RELEASE,
  CREATE,
  CREATE_PARTITION,
  DROP,
  RENAME,
  ALTER,
  INSERT,
  /** An insert into a collection that is made to learn something. */
  INSERT_PROBE,
  UPSERT,
  DELETE,
  SUBMIT_IMPORT,
  IMPORT_TASK,
  CREATE_INDEX,
  DROP_INDEX,
  SET_ALIAS
}
