package io.milvusferry.cli;

/** The entry classes of the modules, as commands call them. */
interface EntryPoints {
  /** The real ones. */
  EntryPoints REAL = new EntryPoints() {};
}
