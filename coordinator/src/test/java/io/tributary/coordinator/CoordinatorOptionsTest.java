package io.tributary.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.run.ExchangeInterval;
import io.tributary.run.FragmentOrder;
import io.tributary.run.TestModels;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CoordinatorOptionsTest {
  private static CoordinatorOptions options(
      int agents, int quorum, int steps, int h, int fragments, int tau, float alpha) {
    return new CoordinatorOptions(
        "h",
        1,
        Path.of("d"),
        agents,
        quorum,
        4,
        1,
        steps,
        ExchangeInterval.fixed(h),
        FragmentOrder.STRIDED,
        fragments,
        tau,
        alpha,
        false,
        "nesterov:0.7,0.9",
        "none",
        "e3m0",
        "raw32",
        0);
  }

  @Test
  void whatIsOutOfBoundsIsNamedBeforeThereIsAModel() {
    options(4, 2, 96, 24, 2, 2, 0.5f).check();
    refused(options(0, 0, 96, 24, 2, 2, 0.5f), "agents: expected 1 to 4096, found 0");
    refused(options(2, 3, 96, 24, 2, 2, 0.5f), "quorum: expected 1 to the number of agents, 2");
    refused(options(1, 1, 10, 24, 2, 2, 0.5f), "steps: expected at least h, 24, found 10");
    refused(options(1, 1, 96, 0, 1, 0, 0.5f), "h: expected at least the number of fragments");
    refused(options(1, 1, 96, 24, 0, 2, 0.5f), "fragments: expected 1 to");
    refused(options(1, 1, 96, 24, 5000, 2, 0.5f), "fragments: expected 1 to");
    refused(options(1, 1, 96, 24, 2, 24, 0.5f), "tau: expected 0 to h - 1, 23, found 24");
    refused(options(1, 1, 96, 24, 2, -1, 0.5f), "tau: expected 0 to h - 1");
    refused(options(1, 1, 96, 24, 2, 2, 1.5f), "alpha: expected 0 to 1, found 1.5");
  }

  private static void refused(CoordinatorOptions options, String text) {
    assertThatThrownBy(options::check)
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTING))
        .hasMessageContaining(text);
  }

  @Test
  void differencesFromARunAreNamed() {
    CoordinatorOptions options = options(4, 2, 96, 24, 2, 2, 0.5f);
    var same = options.manifest("0".repeat(32), TestModels.layered(2));
    assertThat(options.differencesFrom(same)).isEmpty();
    assertThat(options(4, 4, 96, 24, 2, 3, 0.5f).differencesFrom(same))
        .containsExactly("quorum 4 (the run: 2)", "tau 3 (the run: 2)");
  }

  @Test
  void growthAndEagernessAreChecked() {
    CoordinatorOptions plain = options(4, 2, 96, 24, 2, 2, 0.5f);
    CoordinatorOptions eager = varied(plain, "6..24", 5, true, "average:0.5");
    eager.check();
    assertThat(eager.manifest("0".repeat(32), TestModels.layered(2)).eager()).isEqualTo(0.5f);
    assertThat(
            varied(plain, "24", 5, true, "nesterov:0.4,0.5")
                .manifest("0".repeat(32), TestModels.layered(2))
                .eager())
        .isEqualTo(0.4f * 1.5f);
    refused(varied(plain, "6..24", 3, false, "average:1"), "tau: expected 0 to 2, below h / fragm");
    refused(varied(plain, "6..24", 6, true, "average:1"), "tau: expected 0 to h - 1, 5, found 6");
    refused(varied(plain, "1..24", 0, true, "average:1"), "h: expected at least the number of");
    assertThat(eager.differencesFrom(plain.manifest("0".repeat(32), TestModels.layered(2))))
        .containsExactly(
            "h 6..24 (the run: 24)",
            "fragment-order SEQUENTIAL (the run: STRIDED)",
            "tau 5 (the run: 2)",
            "eager true (the run: false)",
            "outer average:0.5 (the run: nesterov:0.7,0.9)",
            "guard clip:2+median (the run: none)");
  }

  private static CoordinatorOptions varied(
      CoordinatorOptions o, String h, int tau, boolean eager, String outer) {
    return new CoordinatorOptions(
        o.host(),
        o.port(),
        o.data(),
        o.participants(),
        o.quorum(),
        o.patience(),
        o.seed(),
        o.steps(),
        ExchangeInterval.parse(h),
        FragmentOrder.SEQUENTIAL,
        o.layerFragments(),
        tau,
        o.mixing(),
        eager,
        outer,
        "clip:2+median",
        o.codecUp(),
        o.codecDown(),
        o.bytesPerSecond());
  }
}
