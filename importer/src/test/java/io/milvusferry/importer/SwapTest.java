package io.milvusferry.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.importer.CollectionResult.Status;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.testkit.FakeCall;
import io.milvusferry.testkit.FakeMilvus;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collections that take their names when all are loaded. */
class SwapTest {
  private static final CollectionName PRODUCTS = ImportFixture.PRODUCTS;
  private static final CollectionName USERS = new CollectionName("default", "users");
  private static final int OLD_ROWS = 20;
  private static final int ROWS = 24;

  @TempDir(factory = QuickTempDir.class)
  Path dir;

  private ImportFixture fixture;

  @BeforeEach
  void replaceACollection() {
    fixture = new ImportFixture(dir);
    fixture.publish = Publish.SWAP;
    fixture.onExisting = OnExisting.REPLACE;
    fixture.archive.add(ImportFixture.described(), 2, 6, true);
    fixture.foreign(ImportFixture.described(), 500, OLD_ROWS);
    fixture.server.setAlias(PRODUCTS, "shop");
  }

  private List<String> names() {
    return fixture.server.collections("default").stream().map(CollectionName::name).toList();
  }

  private String owner(String alias) {
    return fixture.server.collections("default").stream()
        .filter(name -> fixture.server.source(name).aliases().contains(alias))
        .map(CollectionName::name)
        .findFirst()
        .orElseThrow();
  }

  private List<CollectionName> swap(SwapAction action) {
    return fixture
        .importer()
        .swap(
            action,
            fixture.archive.id().hex(),
            fixture.server,
            "http://target",
            fixture.directory.resolve("state"));
  }

  @Test
  void theOldOneIsSeenUntilTheNewOneIsProven() {
    fixture
        .server
        .faults()
        .before(
            FakeCall.RENAME,
            2, // the first asks whether the server renames at all
            () -> {
              assertThat(fixture.rows(PRODUCTS)).isEqualTo(OLD_ROWS);
              assertThat(owner("shop")).as("aliases go first").startsWith("products__new_");
            });

    CollectionResult result = fixture.run().collections().get(0);

    assertThat(result.status()).isEqualTo(Status.IMPORTED);
    assertThat(result.target()).isEqualTo(PRODUCTS);
    assertThat(result.proof().proven()).isTrue();
    assertThat(result.deviations()).noneMatch(one -> one.path().equals("aliases"));
    assertThat(fixture.rows(PRODUCTS)).isEqualTo(ROWS);
    assertThat(owner("shop")).isEqualTo("products");
    assertThat(names()).containsExactly("products", result.kept().orElseThrow().name());
    assertThat(result.kept().orElseThrow().name()).startsWith("products__before_");
    assertThat(fixture.run().collections().get(0).status()).isEqualTo(Status.NOTHING_TO_DO);
  }

  @Test
  void noneTakesItsNameBeforeAllAreDone() {
    fixture.archive.add(
        ImportFixture.described(USERS, fixture.archive.entry(0).description().schema())
            .withAliases(List.of()),
        2,
        6,
        true);
    fixture
        .server
        .faults()
        .before(
            FakeCall.SUBMIT_IMPORT,
            3,
            () -> fixture.server.importsAre(FakeMilvus.ImportFate.failed("full")));
    fixture.staging = new Staging.InPlace();

    ImportResult result = fixture.run();

    assertThat(result.failure()).isPresent();
    assertThat(names()).contains("products").doesNotContain("users");
    assertThat(fixture.rows(PRODUCTS)).isEqualTo(OLD_ROWS);
    fixture.server.importsAre(FakeMilvus.ImportFate.DONE);
    assertThat(fixture.run().failure()).isEmpty();
    assertThat(fixture.rows(PRODUCTS)).isEqualTo(ROWS);
    assertThat(fixture.rows(USERS)).isEqualTo(ROWS);
  }

  @Test
  void whatItReplacedIsDroppedOnlyWhenThatIsAskedFor() {
    fixture.run();

    assertThat(swap(SwapAction.DROP)).hasSize(1);

    assertThat(names()).containsExactly("products");
    assertThat(swap(SwapAction.DROP)).isEmpty();
    assertThat(swap(SwapAction.REVERT)).isEmpty();
  }

  @Test
  void whatItReplacedHasItsNameAgainAndTheSameImportPublishesAnew() {
    fixture.run();

    assertThat(swap(SwapAction.REVERT)).containsExactly(PRODUCTS);

    assertThat(fixture.rows(PRODUCTS)).isEqualTo(OLD_ROWS);
    assertThat(owner("shop")).isEqualTo("products");
    assertThat(names()).hasSize(2).anyMatch(name -> name.startsWith("products__new_"));
    assertThat(fixture.run().proven()).isTrue();
    assertThat(fixture.rows(PRODUCTS)).isEqualTo(ROWS);
  }

  @Test
  void nothingIsReplacedUnlessThatIsAskedFor() {
    fixture.onExisting = OnExisting.FAIL;
    assertRefused(ErrorCode.TARGET_EXISTS);
    fixture.onExisting = OnExisting.APPEND;
    assertRefused(ErrorCode.USAGE);
    fixture.onExisting = OnExisting.SKIP;
    assertThat(fixture.run().collections().get(0).status()).isEqualTo(Status.SKIPPED);
    assertThat(fixture.rows(PRODUCTS)).isEqualTo(OLD_ROWS);
    assertThat(names()).containsExactly("products");
  }

  @Test
  void anAliasOfAnotherCollectionIsNotTaken() {
    fixture.foreign(
        ImportFixture.described(USERS, fixture.archive.entry(0).description().schema())
            .withAliases(List.of()),
        0,
        1);
    fixture.server.setAlias(USERS, "shop");
    assertRefused(ErrorCode.ALIAS_TAKEN);
    assertThat(names()).containsExactly("products", "users");
  }

  @Test
  void aNameThatAnotherTookMeanwhileIsLeftToIt() {
    fixture.server.faults().before(FakeCall.RENAME, 2, () -> fixture.server.recreate(PRODUCTS));
    fixture.server.faults().before(FakeCall.SET_ALIAS, 1, () -> fixture.server.recreate(PRODUCTS));
    assertRefused(ErrorCode.TARGET_CHANGED);
    assertThat(fixture.rows(PRODUCTS)).isZero();
    assertThat(names()).hasSize(2).anyMatch(name -> name.startsWith("products__new_"));
  }

  private void assertRefused(ErrorCode code) {
    assertThatThrownBy(fixture::run)
        .isInstanceOfSatisfying(FerryException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
