package io.tributary.coordinator.guard;

import static io.tributary.coordinator.guard.HeldContributions.ELEMENTS;
import static io.tributary.coordinator.guard.HeldContributions.honest;
import static io.tributary.coordinator.guard.HeldContributions.times;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "off",
        "spectral+",
        "none+median",
        "spectral+krum:2",
        "median+trimmed-mean:1",
        "clip:2+clip:3",
        "clip:0.5",
        "clip:NaN",
        "clip:-1",
        "krum",
        "krum:0",
        "krum:2,0",
        "krum:-1",
        "trimmed-mean:0",
        "trimmed-mean:1.5",
        "Median",
        "spectral median"
      })
  void otherTextsAreRefused(String text) {
    assertThatThrownBy(() -> Guard.parse(text))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTING))
        .hasMessageContainingAll("guard: expected none, or", "found '" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "spectral,3,64",
    "median,3,64",
    "clip:2,3,64",
    "trimmed-mean:2,5,64",
    "krum:2,7,64",
    "'krum:2,8',10,64",
    "clip:1.5+spectral+trimmed-mean:3,7,64",
    "none,1,4096"
  })
  void theNumberOfAgentsIsBounded(String text, int least, int most) {
    Guard guard = Guard.parse(text);
    assertThat(guard).hasToString(text);
    guard.check(least);
    guard.check(most);
    if (guard.isOn()) {
      for (int agents : new int[] {least - 1, most + 1}) {
        assertThatThrownBy(() -> guard.check(agents))
            .hasMessage(
                "agents of a run with guard "
                    + text
                    + ": expected "
                    + least
                    + " to "
                    + most
                    + ", found "
                    + agents);
      }
    }
  }

  @Test
  void krumTakesTheNearest() {
    List<float[]> all = honest(8, 0.5, new Random(1));
    all.set(0, times(10, all.get(0)));
    all.set(4, times(-1, all.get(4)));
    var held = new HeldContributions().addAll(all);
    assertThat(held.judge("krum:2").exclusions()).hasSize(7);
    Guard.Verdict six = held.judge("krum:2,6");
    assertThat(six.exclusions()).extracting(Guard.Exclusion::index).containsExactly(0, 4);
    assertThat(six.exclusions().get(0).reason())
        .startsWith("Krum with F = 2 takes 6: expected a score of at most");
    assertThat(six.takes(0)).isFalse();
    assertThat(six.takes(1)).isTrue();
  }

  @Test
  void krumOfARoundWithFewerTakesOneStill() {
    var held = new HeldContributions().addAll(honest(3, 0.5, new Random(1)));
    assertThat(held.judge("krum:5").exclusions()).hasSize(2);
    assertThat(held.judge("krum:5,3").exclusions()).isEmpty();
  }

  @Test
  void lengthsAreBoundedByMultiplesOfTheMedian() {
    List<float[]> all = honest(5, 0, new Random(2));
    all.set(3, times(10, all.get(3)));
    Guard.Verdict verdict = new HeldContributions().addAll(all).judge("clip:2");
    assertThat(verdict.exclusions()).isEmpty();
    assertThat(verdict.scales()[3]).isCloseTo(0.2f, within(0.02f));
    assertThat(verdict.scales()[0]).isEqualTo(1);
  }

  @Test
  void contributionsOfOtherChunksAreWalkedSideBySide() {
    List<float[]> all = honest(4, 0, new Random(3));
    var held = new HeldContributions();
    int[] lengths = {1, 333, 700, 5000};
    for (int i = 0; i < lengths.length; i++) {
      held.add(all.get(i), lengths[i]);
    }
    var seen = new float[lengths.length][ELEMENTS];
    var walk = held.aligned();
    int[] begin = {0};
    held.fragment
        .slices()
        .forEach(
            slice -> {
              walk.forEach(
                  slice,
                  (at, count, values, from) -> {
                    for (int c = 0; c < seen.length; c++) {
                      System.arraycopy(values[c], from[c], seen[c], begin[0] + at, count);
                    }
                  });
              begin[0] += slice.count();
            });
    for (int c = 0; c < seen.length; c++) {
      assertThat(seen[c]).containsExactly(all.get(c));
    }
  }

  @Test
  void coordinatesAreCombinedWithoutTheirEnds() {
    float[][] values = {{0, 5}, {0, -1}, {0, 3}, {0, 1000}, {0, 2}};
    int[] from = {1, 1, 1, 1, 1};
    float[] scales = {1, 1, 1, 1, 1};
    var target = new float[2];
    new CoordinateCombiner(1).combine(values, from, scales, 1, target, 1);
    assertThat(target).containsExactly(0, 10f / 3);
    CoordinateCombiner.MEDIAN.combine(values, from, scales, 1, target, 1);
    assertThat(target[1]).isEqualTo(3);
    // An even number: the mean of the two in the middle; a scale counts before the order.
    CoordinateCombiner.MEDIAN.combine(
        new float[][] {{4}, {1}, {2}, {9}}, new int[4], new float[] {1, 1, 1, 0.1f}, 1, target, 0);
    assertThat(target[0]).isEqualTo(1.5f);
    new CoordinateCombiner(7).combine(values, from, scales, 1, target, 0);
    assertThat(target[0]).as("more than there are: the median").isEqualTo(3);
  }
}
