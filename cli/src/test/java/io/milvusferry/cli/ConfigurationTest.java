package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
  private static final String CANARY = "c4n4ry-s3cret";

  @TempDir Path dir;

  /** Refuses every connection, and repeats the credentials while doing so. */
  private static final EntryPoints INDISCREET =
      new EntryPoints() {
        @Override
        public MilvusServer connect(ConnectionSettings settings) {
          Optional<String> credentials = settings.credentials().get();
          throw new FerryException(
              ErrorCode.SERVER_CREDENTIALS,
              "refused %s at %s".formatted(credentials, settings.address()),
              "Do not use " + credentials + ".",
              new IllegalStateException(credentials.toString()));
        }
      };

  private void write(String name, String text) throws IOException {
    Files.writeString(dir.resolve(name), text);
  }

  private CommandRun ferry(Map<String, String> environment, String... args) {
    return CommandRun.of(dir, environment, INDISCREET, args);
  }

  private void writeSecret(String permissions) throws IOException {
    Files.writeString(dir.resolve("secret"), CANARY + "\n");
    Files.setPosixFilePermissions(
        dir.resolve("secret"), PosixFilePermissions.fromString(permissions));
    write(
        "ferry.yaml",
        """
        configVersion: 1
        bwlimit: 40M
        profiles:
          eu:
            uri: http://milvus.example:19530
            user: exporter
            passwordFile: secret
            bwlimit: 30M
        """);
  }

  @Test
  void showsEachValueWithItsOrigin() throws IOException {
    writeSecret("rw-------");

    CommandRun run =
        ferry(
            Map.of("FERRY_KNOWN_HOSTS", "/etc/hosts", "FERRY_PASSWORD", CANARY), "config", "show");

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .containsPattern("--bwlimit +40M +file .*ferry.yaml")
        .containsPattern("--known-hosts +/etc/hosts +environment FERRY_KNOWN_HOSTS")
        .containsPattern("profiles.eu.user +exporter +file")
        .containsPattern("password +\\*\\*\\* +environment FERRY_PASSWORD")
        .doesNotContain(CANARY);
  }

  @Test
  void theEnvironmentWinsOverTheProfileOverTheFile() throws IOException {
    writeSecret("rw-------");

    assertThat(
            ferry(Map.of("FERRY_BWLIMIT", "20q"), "send", "--from", "eu", "--to", "file:/x").err())
        .contains("'20q'");
    write("ferry.yaml", Files.readString(dir.resolve("ferry.yaml")).replace("30M", "30q"));
    assertThat(ferry(Map.of(), "send", "--from", "eu", "--to", "file:/x").err()).contains("'30q'");
    write("ferry.yaml", Files.readString(dir.resolve("ferry.yaml")).replace("40M", "40q"));
    assertThat(ferry(Map.of(), "send", "--from", "http://h", "--to", "file:/x").err())
        .contains("'40q'");
    assertThat(
            ferry(
                    Map.of("FERRY_BWLIMIT", "20q"),
                    "send",
                    "--from",
                    "eu",
                    "--to",
                    "file:/x",
                    "--bwlimit",
                    "10M")
                .err())
        .contains("MIL-002");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "configVersion: 2                           | configVersion",
        "profiles: {}                               | configVersion",
        "{configVersion: 1, bwlimt: 4M}             | Did you mean bwlimit?",
        "{configVersion: 1, profiles: {a: {url: x}}}| Did you mean uri?",
        "{configVersion: 1, profiles: {a: {user: x}}}| has no uri",
        "{configVersion: 1, profiles: {a: {uri: x, password: y}}}| passwordFile",
        "{configVersion: 1, profiles: {a: {uri: x, storage: y}}} | storage is not a mapping",
        "{configVersion: 1, profiles: {a: {uri: x, storage: {path: y}}}} | storage has no kind",
        "{configVersion: 1, profiles: {a: {uri: x, storage: {kind: y}}}} | unknown kind 'y'",
        "{configVersion: 1, profiles: {a: {uri: x, storage: {kind: directory}}}} | has no path",
        "{configVersion: 1, profiles: {a: {uri: x, storage: {kind: s3}}}} | has no bucket",
        "{configVersion: 1, profiles: {a: {uri: x, storage: {kind: s3, bukket: y}}}} | Did you mean bucket?",
        "{configVersion: 1, profiles: {a: {uri: x, storage: {kind: s3, bucket: [y]}}}} | not a single value",
        "{configVersion: 1, profiles: {a: {uri: x, storage: {kind: s3, bucket: y/z}}}} | the name of a bucket",
        "{configVersion: 1, profiles: {a: {uri: x, storage: {kind: s3, bucket: y, path: z}}}} | has path",
        "{configVersion: 1, profiles: {a: {uri: x, storage: {kind: s3, bucket: y, endpoint: 'h:9'}}}} | http://host:port",
        "{configVersion: 1, profiles: {a: {uri: x, staging: {kind: s3}}}} | not a single value",
        "[                                          | not YAML"
      })
  void refusesWhatItDoesNotKnow(String yaml, String message) throws IOException {
    write("ferry.yaml", yaml);

    CommandRun run = ferry(Map.of(), "config", "check");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("CFG-002").contains(message);
  }

  @ParameterizedTest
  @CsvSource({"rw-r-----", "rw----r--"})
  void refusesASecretThatOthersCanRead(String permissions) throws IOException {
    writeSecret(permissions);
    boolean inMemory = Files.getFileStore(dir).type().equals("tmpfs");

    CommandRun refused = ferry(Map.of(), "config", "check");
    CommandRun taken = ferry(Map.of(), "config", "check", "--secret-mode", "any");

    assertThat(refused.status()).isEqualTo(inMemory ? 0 : 7);
    assertThat(taken.status()).isZero();
    assertThat(refused.out() + refused.err() + taken.out() + taken.err()).doesNotContain(CANARY);
  }

  @Test
  void neverPrintsASecret() throws IOException {
    writeSecret("rw-------");

    for (String output : new String[] {"--stacktrace", "--json"}) {
      CommandRun run = ferry(Map.of(), "export", "--from", "eu", "--to", "x", "--verbose", output);
      assertThat(run.status()).isEqualTo(7);
      assertThat(run.err()).contains("***");
      assertThat(run.out() + run.err()).doesNotContain(CANARY);
    }
  }

  @Test
  void takesThePasswordOfTheEnvironment() {
    CommandRun run =
        ferry(Map.of("FERRY_PASSWORD", CANARY), "export", "--from", "http://h", "--to", "x");

    assertThat(run.err()).contains("root:***").doesNotContain(CANARY);
  }

  @Test
  void neverReadsTheVariablesOfMilvus() {
    CommandRun run =
        ferry(
            Map.of("MILVUS_PORT", "tcp://1.2.3.4:5", "MILVUS_PASSWORD", CANARY),
            "export",
            "--from",
            "http://h",
            "--to",
            "x");

    assertThat(run.err()).contains("refused Optional.empty at h:19530");
  }

  private void writeKeys(String permissions, String content) throws IOException {
    Files.writeString(dir.resolve("keys"), content);
    Files.setPosixFilePermissions(
        dir.resolve("keys"), PosixFilePermissions.fromString(permissions));
    write(
        "ferry.yaml",
        """
        configVersion: 1
        profiles:
          eu:
            uri: http://milvus.example:19530
            storage:
              kind: s3
              bucket: milvus
              endpoint: http://storage.example:9000
              credentialsFile: keys
        """);
  }

  private static String keys(String secret) {
    return "[default]\naws_access_key_id = eu\naws_secret_access_key = %s\n".formatted(secret);
  }

  @Test
  void showsWhereTheStorageIsWithoutItsKeys() throws IOException {
    writeKeys("rw-------", keys(CANARY));

    CommandRun shown = ferry(Map.of(), "config", "show");
    CommandRun checked = ferry(Map.of(), "config", "check");

    assertThat(shown.status()).isZero();
    assertThat(checked.status()).isZero();
    assertThat(shown.out())
        .containsPattern("profiles.eu.storage.bucket +milvus +file")
        .containsPattern("profiles.eu.storage.credentialsFile +keys +file");
    assertThat(shown.out() + checked.out()).doesNotContain(CANARY);
  }

  @Test
  void refusesKeysOfAStorageThatOthersCanRead() throws IOException {
    writeKeys("rw-r--r--", keys(CANARY));
    boolean inMemory = Files.getFileStore(dir).type().equals("tmpfs");

    CommandRun refused = ferry(Map.of(), "config", "check");

    assertThat(refused.status()).isEqualTo(inMemory ? 0 : 7);
    assertThat(ferry(Map.of(), "config", "check", "--secret-mode", "any").status()).isZero();
  }

  @Test
  void refusesAFileThatHoldsNoKeysOfAStorage() throws IOException {
    writeKeys("rw-------", "eu " + CANARY);

    CommandRun run = ferry(Map.of(), "config", "check");

    assertThat(run.status()).isEqualTo(7);
    assertThat(run.err()).contains("CFG-003").contains("aws_access_key_id");
    assertThat(run.out() + run.err()).doesNotContain(CANARY);
  }

  @Test
  void opensNoStorageToReadByQueries() throws IOException {
    writeKeys("rw-------", "none");

    assertThat(ferry(Map.of(), "export", "--from", "eu", "--to", "x", "--reader", "api").err())
        .contains("MIL-002");
    assertThat(ferry(Map.of(), "export", "--from", "eu", "--to", "x").err()).contains("CFG-003");
  }

  @Test
  void takesKeysOfAStorageFromItsFileOrTheEnvironmentAndFromNowhereElse() throws IOException {
    write(
        "ferry.yaml",
        """
        configVersion: 1
        profiles:
          eu:
            uri: http://milvus.example:19530
            storage: { kind: s3, bucket: milvus, endpoint: 'http://storage.example:9000' }
          us:
            uri: http://milvus.example:19530
            storage: { kind: s3, bucket: milvus }
        """);
    Files.createDirectories(dir.resolve("home/.aws"));
    Files.writeString(dir.resolve("home/.aws/credentials"), keys(CANARY));
    Map<String, String> pair = Map.of("AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", CANARY);
    Map<String, String> all = new HashMap<>(pair);
    all.put("AWS_REGION", "us-west-2");

    assertThat(export(Map.of(), "eu")).contains("STO-002", "credentialsFile");
    assertThat(export(pair, "eu")).contains("MIL-002");
    assertThat(export(pair, "us")).contains("STO-003", "region");
    assertThat(export(all, "us")).contains("MIL-002");
  }

  /** What an export from that profile says; its storage is opened before its server is. */
  private String export(Map<String, String> environment, String profile) {
    CommandRun run = ferry(environment, "export", "--from", profile, "--to", "x");
    assertThat(run.out() + run.err()).doesNotContain(CANARY);
    return run.err();
  }
}
