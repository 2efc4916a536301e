package io.milvusferry.transfer.remote;

/** The same on a server without any extension: no limits, no fsync, no posix-rename, no statvfs. */
class BareSftpRemoteStoreTest extends SftpRemoteStoreTest {
  @Override
  boolean hasExtensions() {
    return false;
  }
}
