package io.milvusferry.importer.violation;

/** What a neighbour of the importer has no business to know. */
public final class Beside {}
