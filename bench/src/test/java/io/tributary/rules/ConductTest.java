package io.tributary.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.tributary.rules.ProjectModule.BENCH;
import static io.tributary.rules.ProjectModule.CLASSES;

import com.tngtech.archunit.base.DescribedPredicate;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Calls that are right in one place only. */
class ConductTest {
  @Test
  void onlyTheMainClassEndsTheProcess() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.tributary.command.TributaryMain")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .because("a command returns its exit code")
        .check(CLASSES);
  }

  /** Benches look after other processes from outside, where there is nothing else to wait for. */
  @Test
  void onlyBenchesWaitByTheClock() {
    noClasses()
        .that(DescribedPredicate.not(BENCH.classes()))
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(TimeUnit.class, "sleep", long.class)
        .because("a delay is a guess: wait for what should happen, or schedule")
        .check(CLASSES);
  }
}
