package io.tributary.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.coordinator.journal.RunRecord;
import io.tributary.run.RunManifest;
import io.tributary.run.TestModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A coordinator that ends right after a record of its journal is written, one kind after the other:
 * before anything that follows from the record has happened.
 */
class JournalKillTest {
  private static final RunManifest MANIFEST = TestModels.manifest(2, 1, "int8block", "e3m0+ef");

  /** So small that the journal goes on in new segments during the run. */
  private static final int SMALL_SEGMENT = 4096;

  /** As an Error it passes through whatever handles exceptions, as a kill does. */
  @SuppressWarnings("serial")
  private static final class Killed extends Error {
    Killed() {
      super("killed");
    }
  }

  @TempDir private Path temporary;

  private final List<RunRecord> written = new ArrayList<>();

  /**
   * A run that is killed after the record with the given number. Nothing is forced to the device:
   * what a process has written survives its kill.
   */
  private RunStore open(Path folder, int fatal) {
    written.clear();
    return RunStore.open(
        folder,
        SMALL_SEGMENT,
        false,
        TestContributions.CODECS,
        record -> {
          written.add(record);
          if (written.size() == fatal) {
            throw new Killed();
          }
        });
  }

  private static String complete(RunStore store) {
    if (store.manifest() == null) {
      store.begin(MANIFEST);
    }
    String fingerprint = TestContributions.complete(store, () -> {});
    if (!store.isFinished()) {
      store.finish(fingerprint);
    }
    return fingerprint;
  }

  private String undisturbed() {
    try (RunStore store = open(temporary.resolve("undisturbed"), Integer.MAX_VALUE)) {
      return complete(store);
    }
  }

  @Test
  void everyKindOfRecordIsWrittenInSuchARun() {
    undisturbed();
    Map<String, Long> kinds = new LinkedHashMap<>();
    written.forEach(record -> kinds.merge(record.getClass().getSimpleName(), 1L, Long::sum));
    assertThat(kinds)
        .containsOnlyKeys("Snapshot", "Member", "Chunk", "Contribution", "Commit", "End");
    assertThat(kinds.get("Snapshot")).as("with new segments").isGreaterThan(1);
  }

  /** Of each kind the first, one in the middle and the last. */
  @TestFactory
  List<DynamicTest> aRunThatIsKilledAfterARecordEndsWithTheSameBits() {
    String expected = undisturbed();
    Map<String, List<Integer>> numbers = new LinkedHashMap<>();
    for (int i = 0; i < written.size(); i++) {
      numbers
          .computeIfAbsent(written.get(i).getClass().getSimpleName(), kind -> new ArrayList<>())
          .add(i + 1);
    }
    var tests = new ArrayList<DynamicTest>();
    numbers.forEach(
        (kind, all) -> {
          int last = all.size() - 1;
          for (int which : new TreeSet<>(List.of(0, last / 2, last))) {
            int fatal = all.get(which);
            String name = kind + " " + (which + 1) + " of " + all.size();
            tests.add(DynamicTest.dynamicTest(name, () -> killedAfter(fatal, expected)));
          }
        });
    return tests;
  }

  private void killedAfter(int fatal, String expected) {
    Path folder = temporary.resolve("killed-" + fatal);
    List<RunRecord> before = new ArrayList<>();
    RunStore dead = open(folder, fatal);
    try {
      complete(dead);
    } catch (Killed kill) {
      before.addAll(written);
    } finally {
      dead.close(); // writes nothing; a process that is killed closes its files as well
    }
    assertThat(before).hasSize(fatal);
    try (RunStore store = open(folder, Integer.MAX_VALUE)) {
      assertThat(store.manifest()).isEqualTo(MANIFEST);
      holdsWhatWasWritten(store, before);
      assertThat(complete(store)).isEqualTo(expected);
    }
  }

  /** Every contribution whose end was written is held, or in a version that was made. */
  private static void holdsWhatWasWritten(RunStore store, List<RunRecord> before) {
    for (RunRecord record : before) {
      if (record instanceof RunRecord.Member member) {
        assertThat(store.members().get(member.participant())).isEqualTo(member.agent());
      } else if (record instanceof RunRecord.Contribution end
          && end.version() > store.committed(end.fragment())) {
        assertThat(end.version()).isEqualTo(store.committed(end.fragment()) + 1);
        Contribution held = store.round(end.fragment()).get(end.participant());
        assertThat(Objects.requireNonNull(held).isComplete()).isTrue();
      } else if (record instanceof RunRecord.Commit commit) {
        assertThat(store.committed(commit.fragment())).isGreaterThanOrEqualTo(commit.version());
      } else if (record instanceof RunRecord.End) {
        assertThat(store.isFinished()).isTrue();
      }
    }
  }
}
