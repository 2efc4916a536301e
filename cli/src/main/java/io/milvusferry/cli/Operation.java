package io.milvusferry.cli;

import io.milvusferry.cli.output.Report;
import io.milvusferry.progress.ProgressSink;

/** What a command does once its words are understood. */
@FunctionalInterface
interface Operation {
  Report run(ProgressSink progress);
}
