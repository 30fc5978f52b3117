package io.tributary.rules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.EnumSet;
import java.util.Set;

/** The Maven modules with what each may know of the others. */
enum ProjectModule {
  STREAM_CORE("stream-core"),
  CODECS("codecs"),
  EDGE_AGENT("edge-agent"),
  COORDINATOR("coordinator"),
  BENCH("bench");

  /** The main classes of all modules, read from class folders or jars; without JMH's own. */
  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(l -> !l.contains("/test-classes/") && !l.contains("-tests.jar"))
          .withImportOption(l -> !l.contains("/jmh_generated/"))
          .importPackages("io.tributary");

  private final String folder;

  ProjectModule(String folder) {
    this.folder = folder;
  }

  /** The module's folder in the repository. */
  String folder() {
    return folder;
  }

  /** The modules, other than itself, that it must not know. */
  Set<ProjectModule> unknown() {
    return EnumSet.complementOf(
        switch (this) {
          case STREAM_CORE -> EnumSet.of(STREAM_CORE);
          case CODECS, EDGE_AGENT, COORDINATOR -> EnumSet.of(this, STREAM_CORE);
          case BENCH -> EnumSet.allOf(ProjectModule.class);
        });
  }

  /** Whether a class was read from this module's output. */
  boolean contains(JavaClass type) {
    return type.getSource().stream()
        .anyMatch(source -> source.getUri().toString().contains("/" + folder + "/target/"));
  }

  /** The classes of this module. */
  DescribedPredicate<JavaClass> classes() {
    return describe("in module " + folder, this::contains);
  }
}
