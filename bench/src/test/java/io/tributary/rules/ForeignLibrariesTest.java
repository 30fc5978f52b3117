package io.tributary.rules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.tributary.rules.ProjectModule.CLASSES;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Libraries that may be missing, may change or may go appear only in classes whose names say so.
 */
class ForeignLibrariesTest {
  @Test
  void theVectorModuleStaysInSimdKernels() {
    only(
        named("*SimdKernel", name -> name.endsWith("SimdKernel")).or(shared("Simd")),
        "jdk.incubator..",
        "the module is an incubator and may be absent: all else must load without it");
    uses("SimdKernel", "jdk.incubator..");
  }

  @Test
  void aparapiStaysInGpuKernels() {
    only(
        named(
                "*GpuKernel or *Program",
                name -> name.endsWith("GpuKernel") || name.endsWith("Program"))
            .or(shared("Gpu")),
        "com.aparapi..",
        "there may be no device: all else must load without it");
    uses("GpuProgram", "com.aparapi..");
  }

  @Test
  void chronicleMapStaysInItsStores() {
    only(
        named("Chronicle*", name -> name.startsWith("Chronicle")),
        "net.openhft..",
        "it needs JVM internals, so that each new JDK may end it");
  }

  @Test
  void theTrainingEngineStaysInItsPackage() {
    only(
        describe(
            "in ..agent.trainer.djl..", type -> isBelow(type, "io.tributary.agent.trainer.djl")),
        "ai.djl..",
        "a trainer is anything that implements Trainer");
  }

  @Test
  void arithmeticKnowsNoNetwork() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.tributary.tensor..", "io.tributary.codec..", "io.tributary.codecs..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..", "reactor..")
        .because("codecs turn arrays into arrays; the copy to a buffer belongs to the flow")
        .check(CLASSES);
  }

  private static void only(DescribedPredicate<JavaClass> allowed, String library, String because) {
    noClasses()
        .that(DescribedPredicate.not(allowed))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .because(because)
        .check(CLASSES);
  }

  /** The smoke check: if the library's classes were not seen, these would fail. */
  private static void uses(String suffix, String library) {
    classes()
        .that()
        .areNotInterfaces()
        .and()
        .haveSimpleNameEndingWith(suffix)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  /** Matches what the kernels of one kind share. */
  private static DescribedPredicate<JavaClass> shared(String prefix) {
    return named(prefix + "*", name -> name.startsWith(prefix))
        .and(
            describe(
                "in ..codecs.internal", type -> isBelow(type, "io.tributary.codecs.internal")));
  }

  /** Matches a class, and what is nested in it, by the simple name of the outermost class. */
  private static DescribedPredicate<JavaClass> named(String what, Predicate<String> name) {
    return describe(
        "named " + what,
        type -> {
          String full = type.getName().substring(type.getPackageName().length() + 1);
          int nested = full.indexOf('$');
          return name.test(nested < 0 ? full : full.substring(0, nested));
        });
  }

  private static boolean isBelow(JavaClass type, String name) {
    return type.getPackageName().equals(name) || type.getPackageName().startsWith(name + ".");
  }
}
