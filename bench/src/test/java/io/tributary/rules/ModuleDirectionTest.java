package io.tributary.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.tributary.rules.ProjectModule.CLASSES;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import io.tributary.codec.CodecBackends;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which module knows which. */
class ModuleDirectionTest {
  /** Without this, a rule about classes that were never loaded would hold. */
  @ParameterizedTest
  @EnumSource(ProjectModule.class)
  void allClassesOfAModuleWereLoaded(ProjectModule module) {
    Set<String> sources =
        Repository.mainSources(module).stream()
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .filter(name -> !name.equals("package-info"))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> loaded =
        CLASSES.stream()
            .filter(module::contains)
            .map(JavaClass::getSimpleName)
            .collect(Collectors.toSet());
    assertThat(loaded).as("classes of %s, out of date?", module.folder()).containsAll(sources);
  }

  @ParameterizedTest
  @EnumSource(ProjectModule.class)
  void aModuleKnowsOnlyTheModulesBelowIt(ProjectModule module) {
    for (ProjectModule other : module.unknown()) {
      noClasses()
          .that(module.classes())
          .should()
          .dependOnClassesThat(other.classes())
          .because("the direction is bench, then agent and coordinator, then stream-core")
          .allowEmptyShould(true)
          .check(CLASSES);
    }
  }

  /**
   * Weights of whole models are measured by what they can do; codecs only as the registry has them.
   */
  @Test
  void benchesKnowNoCodec() {
    noClasses()
        .that(ProjectModule.BENCH.classes())
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.tributary.codecs..")
        .because("a codec is found at run time, by its name")
        .check(CLASSES);
  }

  /** What codecs share lies in packages without a provider. */
  @Test
  void noPackageOfCodecsKnowsACodec() {
    Set<String> codecs =
        CLASSES.stream()
            .filter(ProjectModule.CODECS::contains)
            .filter(type -> type.isAssignableTo(CodecBackends.class))
            .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
            .map(JavaClass::getPackageName)
            .collect(Collectors.toCollection(TreeSet::new));
    for (String codec : codecs) {
      noClasses()
          .that(ProjectModule.CODECS.classes())
          .and()
          .resideOutsideOfPackage(codec)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(codec)
          .because("a codec is added, changed and removed as one package")
          .check(CLASSES);
    }
  }
}
