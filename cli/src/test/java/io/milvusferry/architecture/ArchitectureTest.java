package io.milvusferry.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.milvusferry.exporter.violation.ReachesSideways;
import io.milvusferry.manifest.violation.ReachesUp;
import io.milvusferry.violation.BuildsRemoteStoreHelper;
import io.milvusferry.violation.ChangesItsStatics;
import io.milvusferry.violation.EndsTheProcess;
import io.milvusferry.violation.Prints;
import io.milvusferry.violation.PrintsAStackTrace;
import io.milvusferry.violation.ReadsJsonByReflection;
import io.milvusferry.violation.Renames;
import io.milvusferry.violation.SpeaksAge;
import io.milvusferry.violation.SpeaksMilvus;
import io.milvusferry.violation.SpeaksParquet;
import io.milvusferry.violation.SpeaksPicocli;
import io.milvusferry.violation.SpeaksS3;
import io.milvusferry.violation.SpeaksSsh;
import io.milvusferry.violation.SpeaksTar;
import io.milvusferry.violation.TrustsAnyHost;
import io.milvusferry.violation.UsesHadoopFiles;
import io.milvusferry.violation.bare.HasNoPackageInfo;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
  private static final String[] ABOVE_THE_BOTTOM = {
    "connector",
    "parquet",
    "storage",
    "exporter",
    "transfer",
    "importer",
    "gateway",
    "migration",
    "cli",
    "testkit"
  };

  private JavaClasses product;

  @BeforeAll
  void importTheProduct() {
    product =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.milvusferry");
  }

  /** Each rule with a class that breaks it on purpose. */
  static Stream<Arguments> rules() {
    return Stream.of(
        argumentSet("only cli prints", Rules.onlyTheCommandLinePrints(), Prints.class),
        argumentSet(
            "only cli prints stack traces",
            Rules.onlyTheCommandLinePrints(),
            PrintsAStackTrace.class),
        argumentSet(
            "only cli ends the process",
            Rules.onlyTheCommandLineEndsTheProcess(),
            EndsTheProcess.class),
        argumentSet(
            "Milvus is spoken in connector and gateway",
            Rules.isSpokenOnlyIn(List.of("connector", "gateway"), "io.milvus.."),
            SpeaksMilvus.class),
        argumentSet(
            "Parquet is spoken in parquet",
            Rules.isSpokenOnlyIn(List.of("parquet"), "org.apache.parquet..", "org.apache.hadoop.."),
            SpeaksParquet.class),
        argumentSet(
            "SSH is spoken in transfer",
            Rules.isSpokenOnlyIn(List.of("transfer"), "net.schmizz..", "com.hierynomus.."),
            SpeaksSsh.class),
        argumentSet(
            "tar is spoken in transfer",
            Rules.isSpokenOnlyIn(List.of("transfer"), "org.apache.commons.compress.."),
            SpeaksTar.class),
        argumentSet(
            "age is spoken in transfer",
            Rules.isSpokenOnlyIn(List.of("transfer"), "com.exceptionfactory.."),
            SpeaksAge.class),
        argumentSet(
            "S3 is spoken in storage",
            Rules.isSpokenOnlyIn(List.of("storage"), "software.amazon.."),
            SpeaksS3.class),
        argumentSet(
            "picocli is spoken in cli",
            Rules.isSpokenOnlyIn(List.of("cli"), "picocli.."),
            SpeaksPicocli.class),
        argumentSet(
            "host keys are always checked", Rules.hostKeysAreAlwaysChecked(), TrustsAnyHost.class),
        argumentSet(
            "Hadoop's file systems stay out",
            Rules.hadoopFileSystemsStayOut(),
            UsesHadoopFiles.class),
        argumentSet(
            "JSON is written by hand", Rules.jsonIsWrittenByHand(), ReadsJsonByReflection.class),
        argumentSet("only AtomicFile renames", Rules.onlyAtomicFileRenames(), Renames.class),
        argumentSet(
            "classes are named for what they are",
            Rules.classesAreNamedForWhatTheyAre(),
            BuildsRemoteStoreHelper.class),
        argumentSet("statics do not change", Rules.staticsDoNotChange(), ChangesItsStatics.class),
        argumentSet(
            "every package says what it is for",
            Rules.everyPackageSaysWhatItIsFor(),
            HasNoPackageInfo.class),
        argumentSet(
            "the bottom layer knows none above it",
            Rules.theBottomLayerKnowsNoneOf(ABOVE_THE_BOTTOM),
            ReachesUp.class),
        argumentSet(
            "exporter looks down only",
            Rules.doesNotKnow(
                "exporter", "transfer", "importer", "gateway", "migration", "cli", "testkit"),
            ReachesSideways.class));
  }

  /** The layers that {@link #rules} does not break on purpose; they are made by the same method. */
  static Stream<Arguments> layers() {
    return Stream.of(
        argumentSet("connector", Rules.doesNotKnow("connector", "parquet", "testkit")),
        argumentSet(
            "connector looks down",
            Rules.doesNotKnow(
                "connector", "exporter", "transfer", "importer", "gateway", "migration", "cli")),
        argumentSet("parquet", Rules.doesNotKnow("parquet", "connector", "storage", "testkit")),
        argumentSet("storage", Rules.doesNotKnow("storage", "connector", "parquet", "testkit")),
        argumentSet(
            "storage looks down",
            Rules.doesNotKnow(
                "storage", "exporter", "transfer", "importer", "gateway", "migration", "cli")),
        argumentSet(
            "parquet looks down",
            Rules.doesNotKnow(
                "parquet", "exporter", "transfer", "importer", "gateway", "migration", "cli")),
        argumentSet(
            "transfer",
            Rules.doesNotKnow(
                "transfer",
                "connector",
                "parquet",
                "exporter",
                "importer",
                "gateway",
                "migration",
                "cli",
                "testkit")),
        argumentSet(
            "importer",
            Rules.doesNotKnow(
                "importer", "exporter", "transfer", "gateway", "migration", "cli", "testkit")),
        argumentSet(
            "testkit", Rules.doesNotKnow("testkit", "exporter", "transfer", "importer", "cli")),
        argumentSet(
            "gateway",
            Rules.doesNotKnow(
                "gateway",
                "parquet",
                "exporter",
                "transfer",
                "importer",
                "migration",
                "cli",
                "testkit")),
        argumentSet("migration", Rules.doesNotKnow("migration", "cli", "testkit")),
        argumentSet(
            "SQL is spoken in gateway",
            Rules.isSpokenOnlyIn(List.of("gateway"), "org.sqlite..", "java.sql..")),
        argumentSet("cli", Rules.doesNotKnow("cli", "testkit")));
  }

  @ParameterizedTest
  @MethodSource({"rules", "layers"})
  void theProductKeepsTheRule(ArchRule rule) {
    rule.allowEmptyShould(true).check(product);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theRuleSeesItsViolation(ArchRule rule, Class<?> violation) {
    JavaClasses broken = new ClassFileImporter().importClasses(violation);

    assertThat(rule.evaluate(broken).hasViolation()).isTrue();
  }

  @Test
  void theRulesSeeEveryModule() {
    assertThat(product.stream().map(JavaClass::getPackageName))
        .contains(
            "io.milvusferry.manifest",
            "io.milvusferry.connector",
            "io.milvusferry.parquet",
            "io.milvusferry.exporter",
            "io.milvusferry.transfer",
            "io.milvusferry.importer",
            "io.milvusferry.cli",
            "io.milvusferry.testkit");
  }
}
