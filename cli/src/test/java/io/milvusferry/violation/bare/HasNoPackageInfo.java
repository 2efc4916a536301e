package io.milvusferry.violation.bare;

/** Lies in a package that nobody described. */
public final class HasNoPackageInfo {}
