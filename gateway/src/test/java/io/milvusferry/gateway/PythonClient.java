package io.milvusferry.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Applications in Python, among the resources of these tests. */
final class PythonClient {
  private PythonClient() {}

  /** Runs one to its end, which must be a good one. */
  static void run(String script, String... words) throws Exception {
    Path file =
        Path.of(Objects.requireNonNull(PythonClient.class.getResource("/" + script)).toURI());
    List<String> command =
        new ArrayList<>(List.of(LiveGateway.variable("FERRY_IT_PYTHON"), file.toString()));
    command.addAll(List.of(words));
    Process client = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(client.waitFor()).as("%s: %s", script, said).isZero();
  }
}
