package io.tributary.coordinator.guard;

import static io.tributary.coordinator.guard.HeldContributions.honest;
import static io.tributary.coordinator.guard.HeldContributions.times;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpectralFilterTest {
  private static final int SEEDS = 50;

  private static List<Integer> excluded(List<float[]> contributions) {
    return new HeldContributions()
        .addAll(contributions).judge("spectral").exclusions().stream()
            .map(Guard.Exclusion::index)
            .toList();
  }

  /** In how many of the seeds exactly the last two of eight are left out. */
  private static int found(double share, UnaryOperator<float[]> attack) {
    int found = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      List<float[]> all = honest(8, share, new Random(seed));
      all.set(6, attack.apply(all.get(6)));
      all.set(7, attack.apply(all.get(7)));
      List<Integer> excluded = excluded(all);
      assertThat(excluded).as("seed %d", seed).isSubsetOf(6, 7);
      found += excluded.size() == 2 ? 1 : 0;
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 0.3, 0.5, 0.9, 0.999})
  void nobodyIsLeftOutWhereAllAreHonest(double share) {
    for (int agents : new int[] {3, 4, 8, 16}) {
      for (int seed = 1; seed <= SEEDS; seed++) {
        assertThat(excluded(honest(agents, share, new Random(seed))))
            .as("%d agents, seed %d", agents, seed)
            .isEmpty();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0.4,-1", "0.6,-1", "0.9,-1", "0,10", "0.3,10", "0.9,10", "0.3,-10", "0.9,0"})
  void twoOfEightThatScaleOrFlipAreLeftOut(double share, double factor) {
    assertThat(found(share, values -> times(factor, values))).isEqualTo(SEEDS);
  }

  @Test
  void twoThatShareAnotherDirectionAreLeftOut() {
    float[] theirs = honest(1, 0, new Random(99)).get(0);
    assertThat(found(0.3, values -> times(3, theirs))).isEqualTo(SEEDS);
  }

  @Test
  void theOrderOfContributionsChangesNothingButTheNumbers() {
    List<float[]> all = honest(8, 0.5, new Random(3));
    all.set(2, times(-1, all.get(2)));
    all.set(5, times(10, all.get(5)));
    var order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7));
    for (int seed = 1; seed <= SEEDS; seed++) {
      Collections.shuffle(order, new Random(seed));
      List<Integer> excluded = excluded(order.stream().map(all::get).toList());
      assertThat(excluded.stream().map(order::get)).as("seed %d", seed).contains(5);
      assertThat(excluded).isSorted();
    }
  }

  @Test
  void aMajorityIsNeverLeftOut() {
    List<float[]> all = honest(8, 0.5, new Random(4));
    for (int bad = 3; bad < 8; bad++) {
      all.set(bad, times(-1, all.get(bad)));
    }
    assertThat(excluded(all)).hasSizeLessThan(4);
  }

  @Test
  void withoutAnythingToCompareNobodyIsLeftOut() {
    List<float[]> one = honest(1, 0.5, new Random(5));
    assertThat(excluded(List.of(one.get(0)))).isEmpty();
    assertThat(excluded(List.of(one.get(0), times(-9, one.get(0))))).isEmpty();
    assertThat(excluded(Collections.nCopies(8, one.get(0)))).isEmpty();
    assertThat(excluded(Collections.nCopies(8, new float[HeldContributions.ELEMENTS]))).isEmpty();
  }

  @Test
  void oneThatDiffersFromEqualOnesIsLeftOut() {
    float[] one = honest(1, 0.5, new Random(6)).get(0);
    var all = new ArrayList<>(Collections.nCopies(8, one));
    all.set(3, times(-1, one));
    assertThat(excluded(all)).containsExactly(3);
  }

  @Test
  void theLargestNumbersOverflowNothing() {
    var huge = new float[HeldContributions.ELEMENTS];
    Arrays.fill(huge, Float.MAX_VALUE);
    List<float[]> all = honest(8, 0.5, new Random(7));
    all.set(0, huge);
    assertThat(excluded(all)).containsExactly(0);
    all.set(1, times(-1, huge));
    assertThat(excluded(all)).containsExactly(0, 1);
  }
}
