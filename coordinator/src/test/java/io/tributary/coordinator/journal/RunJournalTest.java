package io.tributary.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import io.tributary.run.RunManifest;
import io.tributary.run.TestModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunJournalTest {
  private static final Journal.Position NOWHERE = new Journal.Position(0, 0, 0);
  private static final RunManifest MANIFEST = TestModels.manifest(2, 2);
  private static final RunRecord.Snapshot HEAD =
      new RunRecord.Snapshot(MANIFEST, List.of("a"), List.of(0, 1, 2), List.of(-1, 0, 7));

  @TempDir private Path folder;

  private static RunRecord.Chunk chunk(int codec, int codecVersion) {
    return new RunRecord.Chunk(1, 2, 3, 4, 5, 6, 7, codec, codecVersion, NOWHERE);
  }

  @Test
  void everyRecordIsReplayedAsItWasAppended() {
    var member = new RunRecord.Member(1, "second agent, ümlaut");
    var end = new RunRecord.Contribution(1, 2, 3, 4, 1L << 40);
    var commit = new RunRecord.Commit(2, 3, 0xCAFEBABE, List.of(0, 1), List.of("c: gone"));
    var over = new RunRecord.End("ab");
    RunRecord.Chunk placed;
    try (RunJournal journal = RunJournal.open(folder, 1 << 20, r -> {})) {
      journal.append(HEAD);
      journal.append(member);
      placed = journal.append(chunk(0xFFFE, 0xFF), ByteBuffer.wrap(new byte[] {1, 2, 3}));
      journal.append(end);
      journal.append(commit);
      journal.append(over);
      journal.force();
    }
    assertThat(placed.codec()).isEqualTo(0xFFFE);
    assertThat(placed.payload()).isNotEqualTo(NOWHERE);
    var records = new ArrayList<RunRecord>();
    try (RunJournal journal = RunJournal.open(folder, 1 << 20, records::add)) {
      assertThat(records).containsExactly(HEAD, member, placed, end, commit, over);
      ByteBuffer encoded = journal.encoded((RunRecord.Chunk) records.get(2));
      assertThat(encoded.remaining()).isEqualTo(3);
      assertThat(encoded.get(2)).isEqualTo((byte) 3);
    }
  }

  @Test
  void aChunkLiesAsItsDrawingSays() throws IOException {
    try (RunJournal journal = RunJournal.open(folder, 1 << 20, r -> {})) {
      journal.append(chunk(0x0102, 9), ByteBuffer.wrap(new byte[] {(byte) 0xAA}));
    }
    byte[] file = Files.readAllBytes(folder.resolve("segment-00000001.log"));
    String payload = HexFormat.of().formatHex(file, 32, file.length);
    assertThat(payload)
        .isEqualTo(
            "03"
                + "01000000020000000300000004000000050000000600000007000000"
                + "0201"
                + "09"
                + "aa");
  }

  @Test
  void aFullSegmentIsFollowedByOneThatBeginsWithTheHead() throws IOException {
    try (RunJournal journal = RunJournal.open(folder, 200, r -> {})) {
      assertThat(journal.rollIfFull(HEAD)).isFalse();
      journal.append(chunk(1, 1), ByteBuffer.allocate(300));
      assertThat(journal.rollIfFull(HEAD)).isTrue();
      journal.dropBefore(1);
      assertThat(segments()).hasSize(2);
      journal.dropBefore(Integer.MAX_VALUE);
      assertThat(segments()).hasSize(1);
    }
    var records = new ArrayList<RunRecord>();
    RunJournal.open(folder, 200, records::add).close();
    assertThat(records).containsExactly(HEAD);
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().startsWith("segment-")).toList();
    }
  }

  @Test
  void unknownAndShortRecordsAreRefused() {
    for (byte[] payload : new byte[][] {{}, {0}, {77}, {3, 1, 2}, {2, '{'}, {2}}) {
      Path place = folder.resolve("p" + java.util.Arrays.hashCode(payload));
      try (Journal journal = Journal.open(place, 1 << 20, (p, r) -> {})) {
        journal.append(ByteBuffer.wrap(payload));
      }
      assertThatThrownBy(() -> RunJournal.open(place, 1 << 20, r -> {}))
          .isInstanceOf(TributaryException.class);
    }
  }
}
