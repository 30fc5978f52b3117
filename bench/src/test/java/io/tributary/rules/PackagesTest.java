package io.tributary.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static io.tributary.rules.ProjectModule.CLASSES;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What packages and names look like, and which package of stream-core knows which. */
class PackagesTest {
  /** The packages of stream-core, each with all that it may know. */
  private static final Map<String, List<String>> CORE = new LinkedHashMap<>();

  static {
    CORE.put("error", List.of());
    CORE.put("config", List.of("error"));
    CORE.put("liveness", List.of());
    CORE.put("security", List.of("config", "error"));
    CORE.put("tensor", List.of("config", "error"));
    CORE.put("codec", List.of("tensor", "config", "error"));
    CORE.put("sketch", List.of("codec", "tensor", "config", "error"));
    CORE.put("file", List.of("store", "tensor", "config", "error"));
    CORE.put("frame", List.of("codec", "tensor", "config", "error"));
    CORE.put("flow", List.of("link", "frame", "codec", "tensor", "config", "error"));
    CORE.put(
        "link",
        List.of("flow", "frame", "codec", "tensor", "security", "liveness", "config", "error"));
    CORE.put("store", List.of("tensor", "config", "error"));
    CORE.put("run", List.of("link", "store", "frame", "codec", "tensor", "config", "error"));
    CORE.put("command", List.of("security", "config", "error"));
  }

  @Test
  void everyPackageOfStreamCoreHasItsPlace() {
    var found = new TreeSet<String>();
    for (JavaClass type : CLASSES) {
      if (ProjectModule.STREAM_CORE.contains(type)) {
        found.add(type.getPackageName().replace("io.tributary.", "").replaceAll("\\..*", ""));
      }
    }
    assertThat(found).isNotEmpty();
    assertThat(CORE.keySet()).containsAll(found);
  }

  @Test
  void packagesOfStreamCoreKnowOnlyThoseBelow() {
    CORE.forEach(
        (name, below) -> {
          String[] others =
              CORE.keySet().stream()
                  .filter(other -> !other.equals(name) && !below.contains(other))
                  .map(other -> "io.tributary." + other + "..")
                  .toArray(String[]::new);
          if (others.length > 0) {
            noClasses()
                .that()
                .resideInAPackage("io.tributary." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .allowEmptyShould(true)
                .check(CLASSES);
          }
        });
  }

  @Test
  void noPackagesKnowEachOtherInACircle() {
    slices().matching("io.tributary.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() {
    var unmarked = new TreeSet<String>();
    for (JavaPackage name : packages().values()) {
      if (!name.isAnnotatedWith(NullMarked.class)) {
        unmarked.add(name.getName());
      }
    }
    assertThat(packages()).isNotEmpty();
    assertThat(unmarked).as("packages without @NullMarked in package-info.java").isEmpty();
  }

  @Test
  void noClassNameIsEmptyOfMeaning() {
    noClasses()
        .should()
        .haveNameMatching(".*(Util|Utils|Utility|Utilities|Impl|Manager|Helper|Helpers)(\\$.*)?")
        .because("a name says what the class is")
        .check(CLASSES);
  }

  @Test
  void noTwoClassesShareAName() {
    Map<String, List<String>> byName =
        CLASSES.stream()
            .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
            .collect(
                Collectors.groupingBy(
                    JavaClass::getSimpleName,
                    TreeMap::new,
                    Collectors.mapping(JavaClass::getName, Collectors.toList())));
    byName.values().removeIf(names -> names.size() == 1);
    assertThat(byName).as("one simple name, several classes").isEmpty();
  }

  private static Map<String, JavaPackage> packages() {
    var packages = new TreeMap<String, JavaPackage>();
    for (JavaClass type : CLASSES) {
      packages.put(type.getPackageName(), type.getPackage());
    }
    return packages;
  }
}
