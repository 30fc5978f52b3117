package io.tributary.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tributary.coordinator.journal.Journal;
import io.tributary.coordinator.journal.RunRecord;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.run.EncodedPart;
import io.tributary.run.ExchangeInterval;
import io.tributary.run.FragmentOrder;
import io.tributary.run.RunDocuments;
import io.tributary.run.RunManifest;
import io.tributary.run.TestModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunStoreTest {
  private static final RunManifest MANIFEST = TestModels.manifest(2, 1, "int8block", "e3m0+ef");
  private static final int SMALL_SEGMENT = 4096;

  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void makeFolder() {
    folder = temporary.resolve("run");
  }

  private static RunStore open(Path path) {
    return RunStore.open(path, SMALL_SEGMENT, TestContributions.CODECS);
  }

  private RunStore begun() {
    RunStore store = open(folder);
    store.begin(MANIFEST);
    return store;
  }

  private String undisturbed() {
    try (RunStore store = open(temporary.resolve("undisturbed"))) {
      store.begin(MANIFEST);
      return TestContributions.complete(store, () -> {});
    }
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        // The index is made anew at each start and need not be there.
        if (!file.endsWith("run.chm")) {
          Files.copy(file, to.resolve(from.relativize(file)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatWasHeldIsHeldAfterReopening() {
    List<Integer> checksums = new ArrayList<>();
    List<RunRecord.Commit> commits;
    try (RunStore store = begun()) {
      store.addMember("a");
      store.addMember("b");
      TestContributions.store(store, 0, 1, () -> {});
      TestContributions.store(store, 1, 1, () -> {});
      store.commit(1, List.of(0, 1), List.of());
      TestContributions.store(store, 0, 1, () -> {});
      store.commit(1, List.of(0), List.of("b: gone"));
      TestContributions.store(store, 1, 2, () -> {});
      store.force();
      for (int f = 0; f < 3; f++) {
        checksums.add(store.checksum(f, store.committed(f)));
        assertThat(store.checksum(f, store.committed(f)))
            .isEqualTo(store.theta().checksum(store.fragments().fragment(f)));
      }
      commits = store.commits();
    }
    for (int again = 0; again < 2; again++) {
      try (RunStore store = open(folder)) {
        assertThat(store.manifest()).isEqualTo(MANIFEST);
        assertThat(store.members()).containsExactly("a", "b");
        assertThat(store.committed()).containsExactly(0, 2, 0);
        assertThat(store.commits()).isEqualTo(commits);
        assertThat(store.commits().get(1).exclusions()).containsExactly("b: gone");
        for (int f = 0; f < 3; f++) {
          assertThat(store.checksum(f, store.committed(f))).isEqualTo(checksums.get(f));
        }
        assertThat(store.round(2)).containsOnlyKeys(1);
        assertThat(java.util.Objects.requireNonNull(store.round(2).get(1)).isComplete()).isTrue();
        assertThat(store.round(1)).isEmpty();
        assertThat(store.hasChanges(1, 1)).isTrue();
        assertThat(store.isFinished()).isFalse();
      }
    }
  }

  @Test
  void theEndIsRemembered() {
    try (RunStore store = begun()) {
      String fingerprint = TestContributions.complete(store, () -> {});
      assertThat(fingerprint).isEqualTo(undisturbed());
      store.finish(fingerprint);
    }
    try (RunStore store = open(folder)) {
      assertThat(store.isFinished()).isTrue();
      assertThat(store.theta().fingerprint()).isEqualTo(undisturbed());
      assertThat(store.hasChanges(0, 1)).isTrue();
      assertThat(store.hasChanges(1, 1)).as("only the latest two changes are kept").isFalse();
      assertThat(store.hasChanges(1, 2)).isTrue();
    }
  }

  /** The folder as a kill would leave it, after every third of all appends, ends and commits. */
  @Test
  void aRunThatIsCutOffAnywhereEndsWithTheSameBits() {
    String expected = undisturbed();
    var copies = new ArrayList<Path>();
    var moments = new int[1];
    try (RunStore store = begun()) {
      TestContributions.complete(
          store,
          () -> {
            if (moments[0]++ % 3 == 0) {
              Path next = temporary.resolve("copy" + copies.size());
              copy(folder, next);
              copies.add(next);
            }
          });
    }
    assertThat(copies).hasSizeGreaterThan(20);
    for (Path path : copies) {
      try (RunStore store = open(path)) {
        assertThat(TestContributions.complete(store, () -> {})).as("%s", path).isEqualTo(expected);
      }
    }
  }

  /** States are written now and then; what followed the last one is made again. */
  @Test
  void versionsWithoutAStateAreMadeAgainFromTheJournal() throws IOException {
    int made = 0;
    try (RunStore store = begun()) {
      store.addMember("a");
      store.addMember("b");
      for (int p = 0; p < 2; p++) {
        TestContributions.store(store, p, 1, () -> {});
      }
      store.commit(1, List.of(0, 1), List.of());
      made = store.theta().checksum(store.fragments().fragment(1));
    }
    assertThat(folder.resolve("fragments/change-1-000001.bin")).exists();
    assertThat(folder.resolve("fragments/state-1-000001.bin")).doesNotExist();
    try (RunStore store = open(folder)) {
      assertThat(store.committed(1)).isEqualTo(1);
      assertThat(store.theta().checksum(store.fragments().fragment(1))).isEqualTo(made);
      assertThat(TestContributions.complete(store, () -> {})).isEqualTo(undisturbed());
    }
  }

  /** Between the parts of a commit: change written, state written, neither counts yet. */
  @Test
  void aCommitThatIsCutOffInItsMiddleIsMadeAgain() throws IOException {
    String expected = undisturbed();
    Path before = temporary.resolve("before");
    try (RunStore store = begun()) {
      store.addMember("a");
      store.addMember("b");
      TestContributions.store(store, 0, 1, () -> {});
      TestContributions.store(store, 1, 1, () -> {});
      store.force();
      copy(folder, before);
      store.commit(1, List.of(0, 1), List.of());
    }
    Path fragments = folder.resolve("fragments");
    for (boolean stateToo : new boolean[] {false, true}) {
      Path path = temporary.resolve("middle" + stateToo);
      copy(before, path);
      Path change = path.resolve("fragments/change-1-000001.bin");
      Files.copy(fragments.resolve(change.getFileName()), change);
      if (stateToo) {
        Files.writeString(path.resolve("fragments/state-1-000001.bin"), "what never counts");
      }
      Files.writeString(path.resolve("fragments/state-1-000001.bin.tmp"), "half a fi");
      try (RunStore store = open(path)) {
        assertThat(store.committed()).containsExactly(0, 0, 0);
        assertThat(TestContributions.complete(store, () -> {})).isEqualTo(expected);
      }
    }
  }

  @Test
  void aContributionThatComesTooLateLeavesNothingBehind() {
    try (RunStore store = begun()) {
      store.addMember("a");
      store.addMember("b");
      TestContributions.store(store, 0, 1, () -> {});
      Contribution late = store.beginContribution(1, 1);
      EncodedPart part = TestContributions.parts(MANIFEST, 1, 1, 1).get(0);
      TestContributions.append(
          store, late, TestContributions.chunk(part, 1, 1, 1, 0), part.bytes());
      store.commit(1, List.of(0), List.of("b: gone"));
      assertThat(late.isClosed()).isTrue();
      // As if the intake had appended one more before it looked.
      EncodedPart next = TestContributions.parts(MANIFEST, 1, 1, 1).get(1);
      TestContributions.append(
          store, late, TestContributions.chunk(next, 1, 1, 1, 1), next.bytes());
      store.force();
    }
    try (RunStore store = open(folder)) {
      assertThat(store.committed()).containsExactly(0, 1, 0);
      assertThat(store.round(1)).isEmpty();
    }
  }

  @Test
  void segmentsOfCommittedRoundsGo() throws IOException {
    try (RunStore store = begun()) {
      TestContributions.complete(store, () -> {});
    }
    try (Stream<Path> segments = Files.list(folder.resolve("journal"))) {
      assertThat(segments).hasSizeLessThanOrEqualTo(2);
    }
    try (RunStore store = open(folder)) {
      assertThat(store.theta().fingerprint()).isEqualTo(undisturbed());
    }
  }

  @Test
  void aDamagedStateIsRefusedWithItsFile() throws IOException {
    try (RunStore store = begun()) {
      TestContributions.complete(store, () -> {});
    }
    Path state = folder.resolve("fragments/state-1-000003.bin");
    byte[] bytes = Files.readAllBytes(state);
    bytes[bytes.length / 2] ^= 1;
    Files.write(state, bytes);
    refused(folder, "state-1-000003.bin");
    Files.delete(state);
    refused(folder, "state-1-000003.bin");
    bytes[bytes.length / 2] ^= 1;
    Files.write(state, bytes);
    open(folder).close();
  }

  @Test
  void aDamagedJournalIsRefusedWithFileAndByteAndLeftAlone() throws IOException {
    try (RunStore store = begun()) {
      store.addMember("a");
      TestContributions.store(store, 0, 1, () -> {});
      store.force();
    }
    Path segment = folder.resolve("journal/segment-00000001.log");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[40] ^= 1;
    Files.write(segment, bytes);
    refused(folder, "segment-00000001.log, byte 16");
    assertThat(Files.readAllBytes(segment)).isEqualTo(bytes);
  }

  private static void refused(Path path, String text) {
    assertThatThrownBy(() -> open(path))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
        .hasMessageContaining(text);
  }

  @Test
  void theIndexIsMadeAnewWhateverLiesInItsPlace() throws IOException {
    var large =
        new RunManifest(
            RunManifest.FORMAT,
            MANIFEST.run(),
            1,
            1,
            1,
            600,
            ExchangeInterval.fixed(600),
            FragmentOrder.STRIDED,
            1,
            0,
            0.5f,
            0,
            "average:1",
            "none",
            "raw32",
            "raw32",
            TestModels.layered(256));
    try (RunStore store = open(folder)) {
      store.begin(large);
      store.addMember("a".repeat(64));
    }
    Path index = folder.resolve("index/run.chm");
    byte[] half = java.util.Arrays.copyOf(Files.readAllBytes(index), 5000);
    Files.write(index, half);
    try (RunStore store = open(folder)) {
      assertThat(store.manifest()).isEqualTo(large);
    }
    Files.writeString(index, "something else");
    open(folder).close();
  }

  @Test
  void whenNothingCanBeWrittenTheCommitFailsAndNothingIsLost() throws IOException {
    Path fragments = folder.resolve("fragments");
    try (RunStore store = begun()) {
      store.addMember("a");
      store.addMember("b");
      TestContributions.store(store, 0, 1, () -> {});
      TestContributions.store(store, 1, 1, () -> {});
      store.force();
      Files.delete(fragments);
      Files.createFile(fragments);
      assertThatThrownBy(() -> store.commit(1, List.of(0, 1), List.of()))
          .isInstanceOfSatisfying(
              TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
          .hasMessageContaining("change-1-000001.bin");
    }
    Files.delete(fragments);
    try (RunStore store = open(folder)) {
      assertThat(store.committed()).containsExactly(0, 0, 0);
      assertThat(TestContributions.complete(store, () -> {})).isEqualTo(undisturbed());
    }
  }

  /** A real full disk, where this process may make a small one. */
  @Test
  void aFullDiskIsAStorageErrorAndNothingIsLost() throws Exception {
    Path disk = Files.createDirectories(temporary.resolve("disk"));
    assumeTrue(
        command("mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", disk.toString()),
        "a tmpfs can't be mounted here");
    try {
      folder = temporary.resolve("whole");
      String error = null;
      int whole = 0;
      try (RunStore store = begun()) {
        store.addMember("a");
        store.addMember("b");
        store.force();
        // The journal alone lies on the small disk; the index would fill it by itself.
        Path journal = folder.resolve("journal");
        copy(journal, disk.resolve("journal"));
      }
      Path small = temporary.resolve("small");
      Files.createDirectories(small);
      Files.createSymbolicLink(small.resolve("journal"), disk.resolve("journal"));
      try (RunStore store = open(small)) {
        for (whole = 0; whole < 500 && error == null; whole++) {
          try {
            TestContributions.store(store, whole % 2, 1, () -> {});
            store.force();
          } catch (TributaryException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.STORAGE);
            error = e.getMessage();
          }
        }
        assertThat(error).isNotNull().contains("segment-00000001.log").contains("No space left");
        assertThatThrownBy(store::force).isInstanceOf(TributaryException.class);
      }
      Path rescued = temporary.resolve("rescued");
      Files.createDirectories(rescued);
      copy(disk.resolve("journal"), rescued.resolve("journal"));
      try (RunStore store = open(rescued)) {
        assertThat(store.members()).containsExactly("a", "b");
        assertThat(TestContributions.complete(store, () -> {})).isEqualTo(undisturbed());
      }
    } finally {
      command("umount", disk.toString());
    }
  }

  private static boolean command(String... line) throws IOException, InterruptedException {
    try {
      Process process =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // no such command on this system
    }
  }

  /** The first record of a folder that a build with another manifest wrote. */
  @ParameterizedTest
  @CsvSource({"3, TOO_OLD", "5, TOO_NEW"})
  void aFolderOfAnotherFormatIsRefused(int format, ErrorCode code) {
    var head = new RunRecord.Snapshot(MANIFEST, List.of(), List.of(0, 0, 0), List.of(0, 0, 0));
    String json =
        new String(RunDocuments.toBytes(head), StandardCharsets.UTF_8)
            .replace("\"format\":4,", "\"format\":" + format + ",")
            .replace("\"eager\"", "\"other\"");
    try (Journal journal = Journal.open(folder.resolve("journal"), 1 << 20, (at, record) -> {})) {
      journal.append(
          ByteBuffer.wrap(new byte[] {1}), ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
      journal.force();
    }
    assertThatThrownBy(() -> open(folder))
        .isInstanceOfSatisfying(TributaryException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining("run manifest is too")
        .hasMessageContaining("expected a version from 4 to 4, found " + format);
  }
}
