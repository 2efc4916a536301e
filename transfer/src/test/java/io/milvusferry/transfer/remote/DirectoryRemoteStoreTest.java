package io.milvusferry.transfer.remote;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DirectoryRemoteStoreTest extends RemoteStoreContract {
  @TempDir Path dir;

  @Override
  RemoteStore open() {
    return new DirectoryRemoteStore(dir);
  }
}
