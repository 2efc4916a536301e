package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LoggingTest {
  /** At DEBUG and below sshj prints keys and packets. */
  @Test
  void neverLetsSshTalkAboutPackets() {
    Logging.configure(true);

    assertThat(LoggerFactory.getLogger("net.schmizz.sshj.transport").isDebugEnabled()).isFalse();
    assertThat(LoggerFactory.getLogger("com.hierynomus.sshj").isDebugEnabled()).isFalse();
    assertThat(LoggerFactory.getLogger("io.grpc").isDebugEnabled()).isFalse();
  }
}
