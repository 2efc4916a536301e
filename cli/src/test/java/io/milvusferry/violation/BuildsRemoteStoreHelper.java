package io.milvusferry.violation;

/** Has a name that says nothing. */
public final class BuildsRemoteStoreHelper {}
