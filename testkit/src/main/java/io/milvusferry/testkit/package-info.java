/** What tests share: fakes, contract suites, an SFTP server in process and row generators. */
@NullMarked
package io.milvusferry.testkit;

import org.jspecify.annotations.NullMarked;
