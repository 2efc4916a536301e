package io.milvusferry.violation;

import org.apache.hadoop.fs.Path;

/** Names a file as Hadoop does. */
public final class UsesHadoopFiles {
  Path name() {
    return new Path("file");
  }
}
