package io.tributary.codecs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodecArchitectureTest {
  private static final List<String> CODECS =
      List.of(
          "raw32",
          "fp16",
          "bf16",
          "int8block",
          "int4block",
          "e3m0",
          "fp8",
          "ecq",
          "topk",
          "lowrank",
          "int4search",
          "amaq",
          "aqsgd",
          "groupbits",
          "amaqec",
          "directions",
          "intblock",
          "fp4");
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.tributary.codecs");

  @Test
  void classesWereFound() {
    assertThat(CLASSES).hasSizeGreaterThan(30);
  }

  @Test
  void vectorModuleIsUsedWhereTheNameSaysSo() {
    noClasses()
        .that()
        .haveSimpleNameNotEndingWith("SimdKernel")
        .and()
        .resideOutsideOfPackage("..codecs.internal..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator..")
        .check(CLASSES);
  }

  @Test
  void aparapiIsUsedWhereTheNameSaysSo() {
    noClasses()
        .that()
        .haveSimpleNameNotEndingWith("Program")
        .and()
        .haveSimpleNameNotEndingWith("GpuKernel")
        .and()
        .resideOutsideOfPackage("..codecs.internal..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.aparapi..")
        .check(CLASSES);
  }

  @Test
  void noCodecKnowsAnother() {
    for (String codec : CODECS) {
      for (String other : CODECS) {
        if (!codec.equals(other)) {
          noClasses()
              .that()
              .resideInAPackage("io.tributary.codecs." + codec)
              .should()
              .dependOnClassesThat()
              .resideInAPackage("io.tributary.codecs." + other)
              .check(CLASSES);
        }
      }
    }
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.tributary.codecs.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
