package io.milvusferry.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.File;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** Every rule of the house that a compiler does not know. */
final class Rules {
  private static final String ROOT = "io.milvusferry.";

  private static final Set<String> RENAMES = Set.of("move", "renameTo");

  private static final Set<String> REFLECTIVE_JSON = Set.of("fromJson", "toJson", "toJsonTree");

  private Rules() {}

  static ArchRule onlyTheCommandLinePrints() {
    return noClasses().that(resideOutside("cli")).should(ACCESS_STANDARD_STREAMS);
  }

  static ArchRule onlyTheCommandLineEndsTheProcess() {
    return noClasses()
        .that(resideOutside("cli"))
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class);
  }

  /** A foreign API is spoken in few modules: {@code packages} in {@code modules}. */
  static ArchRule isSpokenOnlyIn(List<String> modules, String... packages) {
    return noClasses()
        .that(resideOutside(modules.toArray(String[]::new)))
        .should(dependOnClassesThat(resideInAnyPackage(packages)));
  }

  static ArchRule hostKeysAreAlwaysChecked() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("net.schmizz.sshj.transport.verification.PromiscuousVerifier");
  }

  static ArchRule hadoopFileSystemsStayOut() {
    return noClasses().should().dependOnClassesThat().resideInAPackage("org.apache.hadoop.fs..");
  }

  static ArchRule jsonIsWrittenByHand() {
    return noClasses()
        .should()
        .callMethodWhere(
            describe(
                "JSON by reflection",
                (JavaCall<?> call) ->
                    call.getTargetOwner().getName().equals("com.google.gson.Gson")
                        && REFLECTIVE_JSON.contains(call.getName())))
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("com.google.gson.annotations..");
  }

  /** Arrows point down only, never sideways: {@code module} knows nothing of {@code others}. */
  static ArchRule doesNotKnow(String module, String... others) {
    return noClasses()
        .that(resideInAPackage(ROOT + module + ".."))
        .should(dependOnClassesThat(resideInAnyPackage(ours(others))));
  }

  /** What is in none of the modules above is the bottom layer, and knows none of them. */
  static ArchRule theBottomLayerKnowsNoneOf(String... above) {
    return noClasses()
        .that(DescribedPredicate.not(resideInAnyPackage(ours(above))))
        .should(dependOnClassesThat(resideInAnyPackage(ours(above))));
  }

  static ArchRule onlyAtomicFileRenames() {
    return noClasses()
        .that(
            describe(
                "are not AtomicFile",
                (JavaClass type) -> !type.getName().equals(ROOT + "manifest.AtomicFile")))
        .should()
        .callMethodWhere(
            describe(
                "a file is renamed",
                (JavaCall<?> call) ->
                    RENAMES.contains(call.getName())
                        && (call.getTargetOwner().isEquivalentTo(Files.class)
                            || call.getTargetOwner().isEquivalentTo(File.class))));
  }

  static ArchRule classesAreNamedForWhatTheyAre() {
    return noClasses()
        .should()
        .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)(\\$.*)?");
  }

  static ArchRule staticsDoNotChange() {
    return fields().that().areStatic().should().beFinal();
  }

  static ArchRule everyPackageSaysWhatItIsFor() {
    return classes()
        .should(
            new ArchCondition<JavaClass>("reside in a package that says what it is for") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                boolean described =
                    type.getPackage()
                        .tryGetPackageInfo()
                        .filter(info -> info.isAnnotatedWith(NullMarked.class))
                        .isPresent();
                events.add(
                    new SimpleConditionEvent(
                        type,
                        described,
                        type.getPackageName() + " has no package-info.java with @NullMarked"));
              }
            });
  }

  private static DescribedPredicate<JavaClass> resideOutside(String... modules) {
    return DescribedPredicate.not(resideInAnyPackage(ours(modules)));
  }

  private static String[] ours(String... packages) {
    return Arrays.stream(packages).map(name -> ROOT + name + "..").toArray(String[]::new);
  }
}
