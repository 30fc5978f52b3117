package io.tributary.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.coordinator.journal.RunRecord;
import io.tributary.run.EncodedPart;
import io.tributary.run.RunManifest;
import io.tributary.run.TestModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardedRoundTest {
  private static final List<Integer> ALL = List.of(0, 1, 2, 3, 4);

  @TempDir private Path folder;

  private RunStore open(String name) {
    return RunStore.open(folder.resolve(name), 1 << 20, TestContributions.CODECS);
  }

  private RunStore begin(String name, String guard) {
    RunManifest m = TestModels.manifest(5, 5);
    RunStore store = open(name);
    store.begin(
        new RunManifest(
            m.format(),
            m.run(),
            m.seed(),
            m.participants(),
            m.quorum(),
            m.steps(),
            m.interval(),
            m.fragmentOrder(),
            m.layerFragments(),
            m.delay(),
            m.mixing(),
            m.eager(),
            m.outer(),
            guard,
            "raw32",
            "raw32",
            m.schema()));
    for (int p : ALL) {
      assertThat(store.addMember("agent-" + (p + 1))).isEqualTo(p);
    }
    return store;
  }

  /** All values are 100, trained on more tokens than anybody could. */
  private static void storeWild(RunStore store, int participant) {
    RunManifest run = java.util.Objects.requireNonNull(store.manifest());
    Contribution contribution = store.beginContribution(participant, 1);
    for (EncodedPart part : TestContributions.parts(run, participant, 1, 1)) {
      var values = new float[part.count()];
      Arrays.fill(values, 100);
      var bytes = new byte[values.length * Float.BYTES];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
      int index = contribution.chunks().size();
      TestContributions.append(
          store, contribution, TestContributions.chunk(part, participant, 1, 1, index), bytes);
    }
    int chunks = contribution.chunks().size();
    store.end(
        contribution, new RunRecord.Contribution(participant, 1, 1, chunks, Long.MAX_VALUE / 8));
  }

  /** Brings what is in participants' order, with a wild one last. */
  private static RunRecord.Commit commit(RunStore store, List<Integer> order) {
    for (int p : order) {
      if (p == 4) {
        storeWild(store, p);
      } else {
        TestContributions.store(store, p, 1, () -> {});
      }
    }
    store.force();
    return store.commit(1, ALL, List.of());
  }

  @Test
  void whoIsLeftOutIsNamedAndJournalled() {
    RunRecord.Commit commit;
    String fingerprint;
    try (RunStore store = begin("a", "spectral")) {
      commit = commit(store, ALL);
      fingerprint = store.theta().fingerprint();
    }
    assertThat(commit.participants()).containsExactly(0, 1, 2, 3);
    assertThat(commit.exclusions()).hasSize(1);
    assertThat(commit.exclusions().get(0))
        .startsWith("agent-5: along the direction in which contributions differ most it lies ")
        .contains("from the median: expected at most");
    try (RunStore again = open("a")) {
      assertThat(again.commits()).containsExactly(commit);
      assertThat(again.theta().fingerprint()).isEqualTo(fingerprint);
    }
  }

  @Test
  void theOrderOfArrivalChangesNothing() {
    for (String guard : List.of("spectral", "krum:1,3", "median", "clip:2+trimmed-mean:1")) {
      String name = guard.replace(':', '-');
      try (RunStore one = begin(name + " one", guard);
          RunStore other = begin(name + " other", guard)) {
        RunRecord.Commit first = commit(one, ALL);
        RunRecord.Commit second = commit(other, List.of(4, 2, 0, 3, 1));
        assertThat(second).as(guard).isEqualTo(first);
        assertThat(other.theta().fingerprint()).isEqualTo(one.theta().fingerprint());
      }
    }
  }

  @Test
  void nobodysWordOnItsWeightCountsUnderAGuard() {
    try (RunStore free = begin("free", "none");
        RunStore guarded = begin("guarded", "median")) {
      commit(free, ALL);
      commit(guarded, ALL);
      int tensor = free.fragments().fragment(1).slices().get(0).tensor();
      assertThat(Math.abs(free.theta().tensor(tensor)[0])).isGreaterThan(50);
      assertThat(Math.abs(guarded.theta().tensor(tensor)[0])).isLessThan(5);
    }
  }
}
