package io.milvusferry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.milvusferry.testkit.SampleBag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The signatures of ferry and those of {@code ssh-keygen} are the same. */
class SignaturesIT {
  private static final long SEED = 20_261_125;
  private static final String PASSPHRASE = "correct horse battery";

  @TempDir Path dir;

  private FerryCommand ferry;
  private Path archive;

  @BeforeEach
  void makeAnArchive() throws IOException {
    ferry = new FerryCommand(dir.resolve("home"));
    archive = dir.resolve("bag");
    assertThat(SampleBag.write(archive, SEED, 300_000, 3_000_000, 20)).isNotNull();
  }

  @AfterEach
  void stop() {
    ferry.close();
  }

  /** Makes a key, and a file in which it is the only one that is trusted. */
  private Path key(String name, String type, int bits, String passphrase) throws Exception {
    Path key = dir.resolve(name);
    keygen("-q -t %s -b %d -C '' -f %s -N '%s'".formatted(type, bits, key, passphrase));
    Files.writeString(
        dir.resolve(name + ".signers"),
        "# keys of the source\nops@eu namespaces=\"milvus-ferry-*\" "
            + Files.readString(Path.of(key + ".pub")));
    return key;
  }

  private String keygen(String words) throws Exception {
    Process process =
        new ProcessBuilder("bash", "-c", "ssh-keygen " + words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("ssh-keygen %s%n%s", words, said).isZero();
    return said;
  }

  private Path bundle() throws IOException {
    try (Stream<Path> bundles = Files.list(dir.resolve("inbox"))) {
      return bundles.findFirst().orElseThrow();
    }
  }

  @ParameterizedTest
  @CsvSource({"ed25519, 256", "rsa, 3072", "ecdsa, 256", "ecdsa, 384", "ecdsa, 521"})
  void sshKeygenTakesThoseOfFerry(String type, int bits) throws Exception {
    Path key = key("key", type, bits, "");

    ferry.run("ship", archive, "--to", "file:" + dir.resolve("inbox"), "--sign", key).succeeds();

    String verify = "-Y verify -f %s.signers -I ops@eu ".formatted(key);
    assertThat(
            keygen(
                verify
                    + "-n milvus-ferry-archive -s %1$s.sig < %1$s"
                        .formatted(archive.resolve("tagmanifest-sha256.txt"))))
        .contains("Good \"milvus-ferry-archive\" signature for ops@eu");
    assertThat(
            keygen(
                verify
                    + "-n milvus-ferry-bundle -s %1$s.sig < %1$s"
                        .formatted(bundle().resolve("bundle.json"))))
        .contains("Good \"milvus-ferry-bundle\" signature for ops@eu");
    ferry
        .run("receive", bundle(), "--to", dir.resolve("arrived"), "--verify-with", key + ".signers")
        .succeeds();
  }

  @ParameterizedTest
  @CsvSource({"ed25519, 256, sha512", "rsa, 2048, sha512", "ecdsa, 521, sha256"})
  void ferryTakesThoseOfSshKeygen(String type, int bits, String digest) throws Exception {
    Path key = key("key", type, bits, "");
    sign(key, "milvus-ferry-archive", digest);

    FerryRun verified = ferry.run("verify", archive, "--verify-with", key + ".signers");

    verified.succeeds();
    assertThat(verified.result().get("signedBy").getAsString()).isEqualTo("ops@eu");
    assertThat(keygen("-l -f %s.pub".formatted(key)))
        .contains(verified.result().get("signingKey").getAsString());
  }

  @Test
  void aComparisonTakesTheFingerprintsOfASignedArchiveAlone() throws Exception {
    Path key = key("key", "ed25519", 256, "");
    Object[] words = {"compare", archive, archive, "--verify-with", key + ".signers"};

    ferry.run(words).fails(6, "SIG-001");
    sign(key, "milvus-ferry-archive", "sha512");
    ferry.run(words).succeeds();

    Path part;
    try (Stream<Path> files = Files.walk(archive.resolve("data"))) {
      part = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    byte[] content = Files.readAllBytes(part);
    content[0] ^= 1;
    Files.write(part, content);
    assertThat(ferry.run(words).fails(6, "ARC-003").message()).contains("nothing was compared");
  }

  @Test
  void serversBearNoSignature() throws Exception {
    Path key = key("key", "ed25519", 256, "");
    String one = "http://127.0.0.1:1";
    String other = "http://127.0.0.1:2";

    ferry.run("compare", one, other, "--verify-with", key + ".signers").fails(2, "CFG-001");
  }

  private void sign(Path key, String namespace, String digest) throws Exception {
    keygen(
        "-Y sign -f %s -n %s -O hashalg=%s %s"
            .formatted(key, namespace, digest, archive.resolve("tagmanifest-sha256.txt")));
  }

  @Test
  void ferryRefusesThoseThatWereMadeForOtherThings() throws Exception {
    Path key = key("key", "ed25519", 256, "");
    sign(key, "file", "sha512");

    FerryRun refused = ferry.run("verify", archive, "--verify-with", key + ".signers");

    assertThat(refused.fails(6, "SIG-002").message()).contains("was made for 'file'");
  }

  @Test
  void ferryOpensAKeyWithAPassphrase() throws Exception {
    Path key = key("key", "ed25519", 256, PASSPHRASE);
    Path secret = Files.writeString(dir.resolve("secret"), PASSPHRASE + "\n");
    Files.setPosixFilePermissions(
        secret, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    List<Object> ship =
        List.of("ship", archive, "--to", "file:" + dir.resolve("inbox"), "--sign", key);

    FerryRun refused = ferry.run(ship.toArray());
    assertThat(refused.fails(7, "SIG-005").hint()).contains("--sign-password-file");
    FerryRun signed =
        ferry.run(
            Stream.concat(ship.stream(), Stream.of("--sign-password-file", secret)).toArray());
    signed.succeeds();
    assertThat(signed.err() + signed.out()).doesNotContain(PASSPHRASE);
  }
}
