package io.tributary.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.tributary.codec.CodecContractTest;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.CodecRange;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** All codecs of the module, found as they are found in the product. */
class CodecRegistryTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter().importPackages("io.tributary.codecs");

  /** The classes that {@code .ci/fuzz} runs. */
  private static final Set<String> FUZZED =
      CLASSES.stream()
          .flatMap(type -> type.getMethods().stream())
          .filter(method -> method.isAnnotatedWith(FuzzTest.class))
          .map(method -> method.getOwner().getName())
          .collect(Collectors.toUnmodifiableSet());

  @Test
  void numbersAndNamesAreAsPromised() {
    CodecRegistry registry = CodecRegistry.load();
    assertThat(registry.providers())
        .extracting(p -> p.id().number() + " " + p.id().name())
        .containsExactly(
            "1 raw32",
            "2 fp16",
            "3 int8block",
            "4 int4block",
            "5 e3m0",
            "6 bf16",
            "7 int2block",
            "8 int3block",
            "9 int5block",
            "10 int6block",
            "11 int7block",
            "16 fp8e4m3",
            "17 fp8e5m2",
            "18 mxfp4",
            "19 nvfp4",
            "20 int2wh",
            "21 int3wh",
            "22 int4wh",
            "48 ecq",
            "49 topk",
            "50 int4search",
            "51 lowrank");
    assertThat(registry.readable()).contains(new CodecRange(5, 1, 1));
  }

  @Test
  void servicesFileListsEveryProvider() {
    Set<String> loaded =
        ServiceLoader.load(CodecProvider.class).stream()
            .map(provider -> provider.type().getName())
            .collect(Collectors.toSet());
    assertThat(concrete(CodecProvider.class)).hasSize(22).isEqualTo(loaded);
  }

  @Test
  void everyCodecHasItsContractAndFuzzTestAndItsKernelsTheirEqualityTest() {
    for (CodecProvider provider : CodecRegistry.load().providers()) {
      String prefix = provider.getClass().getName().replaceFirst("Provider$", "");
      assertThat(concrete(CodecContractTest.class)).contains(prefix + "ContractTest");
      assertThat(FUZZED).contains(prefix + "FuzzTest");
      for (var backend : provider.backends()) {
        switch (backend) {
          case SCALAR -> {}
          case SIMD ->
              assertThat(concrete(KernelEqualityTest.class))
                  .contains(prefix + "SimdKernelEqualityTest");
          case GPU ->
              assertThat(concrete(KernelEqualityTest.class))
                  .contains(prefix + "GpuKernelEqualityTest");
        }
      }
    }
  }

  @Test
  void everyNameWorksInAPolicyText() {
    CodecRegistry registry = CodecRegistry.load();
    for (String text :
        List.of(
            "raw32",
            "fp16+ef",
            "int8block:128",
            "int4block",
            "e3m0:64+ef",
            "fp8e4m3:32",
            "ecq:0.05rel+ef",
            "topk:0.01-2b+ef",
            "lowrank:4-64+ef:0.9")) {
      assertThat(registry.session(text, 100).codec().id().name())
          .isEqualTo(text.replaceFirst("[:+].*", ""));
    }
  }

  private static Set<String> concrete(Class<?> type) {
    return CLASSES.stream()
        .filter(candidate -> candidate.isAssignableTo(type))
        .filter(candidate -> !candidate.getModifiers().contains(JavaModifier.ABSTRACT))
        .map(JavaClass::getName)
        .collect(Collectors.toSet());
  }
}
