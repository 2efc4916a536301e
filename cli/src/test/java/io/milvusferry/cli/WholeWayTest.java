package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.connector.MilvusServer;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Key;
import io.milvusferry.testkit.CollectionDescriptions;
import io.milvusferry.testkit.FakeCall;
import io.milvusferry.testkit.FakeMilvus;
import io.milvusferry.testkit.OpenSshKey;
import io.milvusferry.testkit.SampleRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command after the other, between two servers in memory. */
class WholeWayTest {
  private static final CollectionName PRODUCTS = new CollectionName("default", "products");
  private static final int ROWS = 300;

  @TempDir Path dir;

  private final FakeMilvus source = new FakeMilvus();
  private final FakeMilvus target = new FakeMilvus();

  private final EntryPoints servers =
      new EntryPoints() {
        @Override
        public MilvusServer connect(ConnectionSettings settings) {
          return settings.host().equals("source") ? source : target;
        }

        @Override
        public Duration rereadDelay() {
          return Duration.ZERO;
        }
      };

  @BeforeEach
  void fill() {
    FieldSpec vector = SampleRows.vector(FieldType.FLOAT_VECTOR, 4);
    CollectionSchema schema = SampleRows.schema(FieldType.INT64, SampleRows.scalarFields(), vector);
    CollectionTarget products = source.target(PRODUCTS);
    products.create(CollectionDescriptions.of(PRODUCTS, schema), new TreeMap<>());
    products.createIndex(CollectionDescriptions.flatIndex(vector));
    source.source(PRODUCTS).load(1, Duration.ofSeconds(1));
    products.insert("_default", new SampleRows(7).rows(schema, 0, ROWS));
  }

  private CommandRun ferry(String... args) {
    return CommandRun.of(
        dir, Map.of("XDG_STATE_HOME", dir.resolve("state").toString()), servers, args);
  }

  private String at(String name) {
    return dir.resolve(name).toString();
  }

  private CommandRun succeed(String... args) {
    CommandRun run = ferry(args);
    assertThat(run.status()).as(run.err() + run.out()).isZero();
    return run;
  }

  @Test
  void provesThatTheRowsArrived() throws IOException {
    CommandRun export =
        succeed("export", "--from", "http://source", "--to", at("nightly"), "--json");
    JsonObject exported = export.result().getAsJsonArray("collections").get(0).getAsJsonObject();
    assertThat(exported.get("rows").getAsString()).isEqualTo("" + ROWS);
    assertThat(exported.keySet())
        .containsExactly("database", "name", "rows", "fingerprint", "parts");
    assertThat(export.result().keySet())
        .contains("archive", "archiveId", "collections", "rows", "bytes", "seconds");

    assertThat(succeed("inspect", at("nightly")).out()).contains("default.products   300 rows");
    assertThat(succeed("verify", at("nightly")).out()).contains(" valid   id ");
    CommandRun ship = succeed("ship", at("nightly"), "--to", "file:" + at("inbox"), "--json");
    String bundle = ship.result().get("bundle").getAsString();
    succeed("receive", bundle, "--to", at("received"));
    CommandRun load = succeed("import", at("received"), "--into", "http://target");
    assertThat(load.out()).contains("every row proven equal");
    assertThat(succeed("import", at("received"), "--into", "http://target").out())
        .contains("nothing to do");
    assertThat(succeed("compare", "http://source", "http://target").out())
        .contains("1 of 1 collections equal");
    assertThat(succeed("compare", at("nightly"), at("received")).out())
        .contains("1 of 1 collections equal");
  }

  @Test
  void sendsAndRestores() throws IOException {
    CommandRun sent =
        succeed("send", "--from", "http://source", "--to", "file:" + at("inbox"), "--json");
    String bundle = sent.result().get("bundle").getAsString();

    CommandRun restored = succeed("restore", bundle, "--into", "http://target", "--json");

    assertThat(restored.result().get("proven").getAsBoolean()).isTrue();
    try (Stream<Path> kept = Files.list(dir.resolve("state/ferry/restore"))) {
      assertThat(kept).isEmpty();
    }
    succeed("compare", "http://source", "http://target");
  }

  @Test
  void sendsAgainWhatFailedToBeExported() {
    CollectionName gone = new CollectionName("default", "afterwards");
    FieldSpec vector = SampleRows.vector(FieldType.FLOAT_VECTOR, 4);
    CollectionSchema schema = SampleRows.schema(FieldType.INT64, SampleRows.scalarFields(), vector);
    source.target(gone).create(CollectionDescriptions.of(gone, schema), new TreeMap<>());
    source.target(gone).createIndex(CollectionDescriptions.flatIndex(vector));
    source.source(gone).load(1, Duration.ofSeconds(1));
    source.target(gone).insert("_default", new SampleRows(8).rows(schema, 0, ROWS));
    source.faults().fail(FakeCall.PAGE, 1, ErrorCode.COLLECTION_NOT_FOUND);
    String[] send = {"send", "--from", "http://source", "--to", "file:" + at("inbox"), "--json"};

    CommandRun partial = ferry(send);
    assertThat(partial.status()).as(partial.err()).isEqualTo(3);
    assertThat(partial.result().getAsJsonArray("collections")).hasSize(1);

    assertThat(succeed(send).result().getAsJsonArray("collections")).hasSize(2);
  }

  @Test
  void goesOnDisksThatArriveOneByOne() {
    succeed("export", "--from", "http://source", "--to", at("nightly"));
    CommandRun small =
        ferry("ship", at("nightly"), "--to", "file:" + at("disks"), "--volume-size", "1kB");
    assertThat(small.status()).isEqualTo(2);
    String enough = small.err().replaceAll("(?s).*--volume-size (\\d+).*", "$1");
    CommandRun ship =
        succeed(
            "ship",
            at("nightly"),
            "--to",
            "file:" + at("disks"),
            "--volume-size",
            enough,
            "--json");
    List<String> places =
        ship.result().getAsJsonArray("volumes").asList().stream()
            .map(volume -> volume.getAsJsonObject().get("place").getAsString())
            .toList();
    assertThat(places).hasSizeGreaterThan(1);
    String last = places.get(places.size() - 1);

    CommandRun first = ferry("receive", last, "--to", at("received"));
    assertThat(first.status()).isEqualTo(5);
    assertThat(first.out()).contains("missing    volume 1: chunks 0");
    assertThat(first.err()).contains("RCV-009");
    List<String> rest = new ArrayList<>(List.of("receive"));
    rest.addAll(places.subList(0, places.size() - 1));
    rest.addAll(List.of("--to", at("received")));
    assertThat(succeed(rest.toArray(String[]::new)).out()).contains("received and valid");
    succeed("compare", at("nightly"), at("received"));
  }

  @Test
  void provesWhoSentTheRows() throws IOException {
    String key = OpenSshKey.write(dir.resolve("key"), 1).file().toString();
    String signers = signers(OpenSshKey.write(dir.resolve("key"), 1));

    succeed("export", "--from", "http://source", "--to", at("a"), "--sign", key);
    CommandRun verified = succeed("verify", at("a"), "--verify-with", signers);
    CommandRun shipped =
        succeed("ship", at("a"), "--to", "file:" + at("inbox"), "--sign", key, "--json");
    String bundle = shipped.result().get("bundle").getAsString();
    CommandRun received =
        succeed("receive", bundle, "--to", at("b"), "--verify-with", signers, "--json");
    succeed("import", at("b"), "--into", "http://target", "--verify-with", signers);

    assertThat(verified.out()).contains("origin  signed by ops@eu   key SHA256:");
    assertThat(received.result().get("signature").getAsString()).isEqualTo("proven");
    assertThat(received.result().get("signedBy").getAsString()).isEqualTo("ops@eu");
    assertThat(succeed("verify", at("b")).out()).contains("the signature was NOT checked");
    succeed("compare", "http://source", "http://target");
  }

  @Test
  void sendsAndRestoresWhatIsSigned() throws IOException {
    OpenSshKey key = OpenSshKey.write(dir.resolve("key"), 1);
    String bundle =
        succeed(
                "send",
                "--from",
                "http://source",
                "--to",
                "file:" + at("inbox"),
                "--sign",
                key.file().toString(),
                "--json")
            .result()
            .get("bundle")
            .getAsString();
    String[] restore = {"restore", bundle, "--into", "http://target", "--verify-with"};

    CommandRun refused = ferry(with(restore, signers(OpenSshKey.write(dir.resolve("key2"), 2))));
    assertThat(refused.status()).isEqualTo(6);
    assertThat(refused.err()).contains("SIG-003");
    assertThat(target.collections("default")).isEmpty();

    CommandRun restored = succeed(with(restore, signers(key)));
    assertThat(restored.out()).contains("every row proven equal");
    assertThat(restored.err()).contains("signed by ops@eu");
  }

  /** Neither the demand nor what was received without it is forgotten. */
  @Test
  void sendsAndRestoresWhatIsEncrypted() throws IOException {
    String recipient = "age1gyufdqhm83awq94athpkhd8qnhvkz5vvepjugps4t3jr3kpgldfqx7x8dh";
    Path identity = dir.resolve("identity");
    write(
        identity.toString(),
        "AGE-SECRET-KEY-" + "1JFC7KFY27U36C3QXY9FFL5CTYKW3WRHPJUDJLGG22PFPDV8CLNKQDQGRCY");
    Files.setPosixFilePermissions(identity, PosixFilePermissions.fromString("rw-------"));
    String[] send = {"send", "--from", "http://source", "--to", "file:" + at("inbox"), "--json"};

    CommandRun sent = succeed(with(with(send, "--encrypt-to"), recipient));

    assertThat(sent.err()).contains("encrypt    to " + recipient);
    assertThat(sent.result().get("encrypted").getAsBoolean()).isTrue();
    String bundle = sent.result().get("bundle").getAsString();
    String[] restore = {"restore", bundle, "--into", "http://target"};
    CommandRun refused = ferry(restore);
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("RCV-011").contains("--decrypt-with");
    succeed(with(with(restore, "--decrypt-with"), identity.toString()));

    String[] archive = {
      "restore", sent.result().get("archive").getAsString(), "--into", "http://x"
    };
    CommandRun open = ferry(with(with(archive, "--decrypt-with"), identity.toString()));
    assertThat(open.status()).isEqualTo(2);
    assertThat(open.err()).contains("no archive is encrypted");
  }

  @Test
  void loadsNothingThatIsNotSigned() {
    succeed("export", "--from", "http://source", "--to", at("a"));
    String bundle =
        succeed("ship", at("a"), "--to", "file:" + at("inbox"), "--json")
            .result()
            .get("bundle")
            .getAsString();
    succeed("restore", bundle, "--into", "http://target", "--skip", "other");
    String signers = at("signers");
    assertThat(ferry("verify", at("a"), "--verify-with", signers).status()).isEqualTo(2);
    write(signers, "ops@eu " + "ssh-ed25519 " + "A".repeat(8));
    assertThat(ferry("verify", at("a"), "--verify-with", signers).err()).contains("SIG-004");
    write(signers, "# nobody yet");

    for (String[] command :
        List.of(
            new String[] {"verify", at("a")},
            new String[] {"import", at("a"), "--into", "http://target"},
            new String[] {"receive", bundle, "--to", at("b")},
            new String[] {"restore", bundle, "--into", "http://target"},
            new String[] {"restore", at("a"), "--into", "http://target"})) {
      CommandRun run = ferry(with(with(command, "--verify-with"), signers));
      assertThat(run.status()).as(String.join(" ", command)).isEqualTo(6);
      assertThat(run.err()).contains("SIG-001").contains("bears no signature").contains("hint:");
    }
    assertThat(dir.resolve("b")).doesNotExist();
  }

  private String signers(OpenSshKey key) {
    return write(at("signers"), "ops@eu namespaces=\"milvus-ferry-*\" " + key.publicKey() + "\n");
  }

  private static String write(String file, String content) {
    try {
      return Files.writeString(Path.of(file), content).toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String[] with(String[] words, String last) {
    return Stream.concat(Stream.of(words), Stream.of(last)).toArray(String[]::new);
  }

  @Test
  void namesEveryDifferenceAndEndsWithFour() {
    succeed("export", "--from", "http://source", "--to", at("a"));
    succeed("import", at("a"), "--into", "http://target");
    target.target(PRODUCTS).delete("_default", List.of(new Key.Int64(17)));

    CommandRun run = ferry("compare", at("a"), "http://target", "--json");

    assertThat(run.status()).isEqualTo(4);
    JsonObject collection = run.result().getAsJsonArray("collections").get(0).getAsJsonObject();
    assertThat(collection.keySet())
        .contains("database", "name", "equal", "missing", "extra", "changed", "schema", "indexes");
    assertThat(collection.get("missing").getAsString()).isEqualTo("1");
    assertThat(run.result().get("findings").getAsInt()).isEqualTo(1);
    assertThat(
            run.json().stream()
                .filter(line -> line.get("type").getAsString().equals("finding"))
                .map(line -> line.get("kind").getAsString() + " " + line.get("key").getAsString()))
        .containsExactly("missing 17");
  }

  @Test
  void plansAnImportAndWritesNothing() {
    succeed("export", "--from", "http://source", "--to", at("a"));

    CommandRun plan = succeed("plan", "import", at("a"), "--into", "http://target", "--json");

    JsonObject collection = plan.result().getAsJsonArray("collections").get(0).getAsJsonObject();
    assertThat(plan.result().get("command").getAsString()).isEqualTo("plan import");
    assertThat(collection.get("action").getAsString()).isEqualTo("create");
    assertThat(collection.get("insertRows").getAsString()).isEqualTo("" + ROWS);
    assertThat(target.collections("default")).isEmpty();
    succeed("import", at("a"), "--into", "http://target");
    assertThat(succeed("plan", "import", at("a"), "--into", "http://target").out())
        .contains("nothing to do");
    CommandRun replaced =
        ferry("plan", "import", at("a"), "--into", "http://target", "--rename", "products=b");
    assertThat(replaced.out()).contains("default.b ").contains("create");
  }

  @Test
  void comparesWhatWasDeclaredApartFromWhatWasNot() {
    succeed("export", "--from", "http://source", "--to", at("a"));
    target
        .rules()
        .refuseIndexes(
            index ->
                index.type().equals("AUTOINDEX")
                    ? Optional.empty()
                    : Optional.of("only AUTOINDEX here"));
    succeed("import", at("a"), "--into", "http://target");

    CommandRun same = succeed("compare", at("a"), "http://target", "--json");

    JsonObject declared = same.result().getAsJsonArray("collections").get(0).getAsJsonObject();
    assertThat(declared.getAsJsonArray("declared").toString()).contains("indexes.vector.type");
    assertThat(declared.getAsJsonArray("notDeclared")).isEmpty();
    assertThat(succeed("compare", "http://source", "http://target").out())
        .contains("    declared: ")
        .doesNotContain("not declared");
    target.target(PRODUCTS).alterProperties(new TreeMap<>(Map.of("mmap.enabled", "true")));
    CommandRun changed = ferry("compare", at("a"), "http://target");
    assertThat(changed.status()).isEqualTo(4);
    assertThat(changed.out()).contains("    not declared: ").contains("properties.mmap.enabled");
  }

  @Test
  void plansWhatIsInTheWayOfAnImport() {
    succeed("export", "--from", "http://source", "--to", at("a"));
    target
        .target(PRODUCTS)
        .create(source.source(PRODUCTS).describe().withIndexes(List.of()), new TreeMap<>());

    CommandRun plan = ferry("plan", "import", at("a"), "--into", "http://target", "--json");

    assertThat(plan.status()).isEqualTo(9);
    JsonObject collection = plan.result().getAsJsonArray("collections").get(0).getAsJsonObject();
    assertThat(collection.get("action").getAsString()).isEqualTo("conflict");
    JsonObject refusal = collection.getAsJsonArray("refusals").get(0).getAsJsonObject();
    assertThat(refusal.get("code").getAsString()).isEqualTo("IMP-001");
  }

  @Test
  void keepsTheFindingsThatAreTooManyToBeListed() throws IOException {
    succeed("export", "--from", "http://source", "--to", at("a"));
    succeed("import", at("a"), "--into", "http://target");
    target
        .target(PRODUCTS)
        .delete("_default", List.of(new Key.Int64(17), new Key.Int64(18), new Key.Int64(19)));

    CommandRun run = ferry("compare", at("a"), "http://target", "--max-findings", "1", "--json");

    assertThat(run.status()).isEqualTo(4);
    assertThat(run.result().get("findings").getAsInt()).isEqualTo(3);
    Path rest = Path.of(run.result().get("findingsFile").getAsString());
    assertThat(Files.readAllLines(rest).stream().map(line -> JsonParser.parseString(line)))
        .extracting(line -> line.getAsJsonObject().get("key").getAsString())
        .containsExactly("18", "19");
  }

  @Test
  void keepsWhatItReceivedWhileACollectionIsLeftOut() throws IOException {
    CommandRun sent =
        succeed("send", "--from", "http://source", "--to", "file:" + at("inbox"), "--json");
    String bundle = sent.result().get("bundle").getAsString();

    succeed("restore", bundle, "--into", "http://target", "--skip", "other");

    try (Stream<Path> kept = Files.list(dir.resolve("state/ferry/restore"))) {
      assertThat(kept).isNotEmpty();
    }
  }

  @Test
  void refusesToImportWhatWasChanged() throws IOException {
    succeed("export", "--from", "http://source", "--to", at("a"));
    Path part;
    try (Stream<Path> files = Files.walk(dir.resolve("a/data"))) {
      part = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(part);
    bytes[bytes.length / 2] ^= 1;
    Files.write(part, bytes);

    CommandRun verify = ferry("verify", at("a"));
    CommandRun load = ferry("import", at("a"), "--into", "http://target");

    assertThat(verify.status()).isEqualTo(6);
    assertThat(verify.out()).contains(part.getFileName() + " is changed");
    assertThat(load.status()).isEqualTo(6);
    assertThat(target.collections("default")).isEmpty();
  }
}
