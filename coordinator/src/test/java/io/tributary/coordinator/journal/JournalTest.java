package io.tributary.coordinator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import io.tributary.error.TributaryException;
import io.tributary.error.UnsupportedFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final int LARGE = 1 << 20;
  private static final int HEADER = 16;

  @TempDir private Path folder;

  private static ByteBuffer bytes(int length, int seed) {
    var bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + seed);
    }
    return ByteBuffer.wrap(bytes);
  }

  private static byte[] copy(ByteBuffer payload) {
    var copy = new byte[payload.remaining()];
    payload.duplicate().get(copy);
    return copy;
  }

  private List<byte[]> replayed(long segmentBytes) {
    var records = new ArrayList<byte[]>();
    Journal.open(folder, segmentBytes, (position, payload) -> records.add(copy(payload))).close();
    return records;
  }

  private Path segment(int number) {
    return folder.resolve(String.format(java.util.Locale.ROOT, "segment-%08d.log", number));
  }

  @Test
  void recordsAreReplayedInOrderAndReadAgain() {
    var positions = new ArrayList<Journal.Position>();
    try (Journal journal = Journal.open(folder, LARGE, (p, r) -> {})) {
      positions.add(journal.append(bytes(0, 1)));
      positions.add(journal.append(bytes(5, 2), bytes(0, 0), bytes(7, 3)));
      journal.force();
      positions.add(journal.append(bytes(70_000, 4)));
      assertThat(copy(journal.read(positions.get(2)))).isEqualTo(bytes(70_000, 4).array());
    }
    var seen = new ArrayList<Journal.Position>();
    var records = new ArrayList<byte[]>();
    try (Journal journal =
        Journal.open(
            folder,
            LARGE,
            (position, payload) -> {
              seen.add(position);
              records.add(copy(payload));
            })) {
      assertThat(seen).isEqualTo(positions);
      assertThat(records.get(0)).isEmpty();
      assertThat(records.get(1)).hasSize(12).endsWith(bytes(7, 3).array());
      assertThat(copy(journal.read(seen.get(1)))).isEqualTo(records.get(1));
      journal.append(bytes(3, 9));
    }
    assertThat(replayed(LARGE)).hasSize(4);
  }

  @Test
  void aTornTailOfAnyLengthIsCutAndTheJournalGoesOn() throws IOException {
    try (Journal journal = Journal.open(folder, LARGE, (p, r) -> {})) {
      journal.append(bytes(10, 1));
      journal.append(bytes(4, 2));
    }
    byte[] whole = Files.readAllBytes(segment(1));
    int second = HEADER + 16 + 10;
    for (int length = 0; length < whole.length; length++) {
      Files.write(segment(1), Arrays.copyOf(whole, length));
      int left = length < second ? 0 : 1;
      assertThat(replayed(LARGE)).as("%d bytes", length).hasSize(left);
      // What is appended next lies behind the cut and is found again.
      try (Journal journal = Journal.open(folder, LARGE, (p, r) -> {})) {
        journal.append(bytes(6, 7));
      }
      List<byte[]> again = replayed(LARGE);
      assertThat(again).hasSize(left + 1);
      assertThat(again.get(left)).isEqualTo(bytes(6, 7).array());
    }
  }

  @Test
  void aFlippedBitWithWholeRecordsBehindIsRefusedWithFileAndByte() throws IOException {
    try (Journal journal = Journal.open(folder, LARGE, (p, r) -> {})) {
      for (int i = 0; i < 3; i++) {
        journal.append(bytes(9, i));
      }
    }
    byte[] whole = Files.readAllBytes(segment(1));
    int record = 16 + 9;
    for (int at = HEADER; at < HEADER + 2 * record; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 0x10;
      Files.write(segment(1), flipped);
      int broken = HEADER + (at - HEADER) / record * record;
      assertThatThrownBy(() -> replayed(LARGE))
          .as("byte %d", at)
          .isInstanceOfSatisfying(
              MalformedInputException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.STORAGE);
                assertThat(e.offset()).isEqualTo(broken);
              })
          .hasMessageContaining(segment(1).toString())
          .hasMessageContaining("whole ones behind it");
      assertThat(Files.readAllBytes(segment(1))).isEqualTo(flipped);
    }
  }

  @Test
  void aFlippedBitInTheLastRecordLosesOnlyIt() throws IOException {
    try (Journal journal = Journal.open(folder, LARGE, (p, r) -> {})) {
      journal.append(bytes(9, 1));
      journal.append(bytes(9, 2));
    }
    byte[] whole = Files.readAllBytes(segment(1));
    for (int at = HEADER + 25; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      Files.write(segment(1), flipped);
      assertThat(replayed(LARGE)).containsExactly(bytes(9, 1).array());
    }
  }

  @Test
  void segmentsAreRolledReplayedAndDropped() throws IOException {
    try (Journal journal = Journal.open(folder, 100, (p, r) -> {})) {
      for (int i = 0; i < 12; i++) {
        if (journal.full()) {
          journal.roll();
        }
        journal.append(bytes(30, i));
      }
      assertThat(journal.currentSegment()).isEqualTo(6);
      journal.dropBefore(3);
    }
    assertThat(segment(2)).doesNotExist();
    List<byte[]> left = replayed(100);
    assertThat(left).hasSize(8);
    assertThat(left.get(0)).isEqualTo(bytes(30, 4).array());
    // A gap in the middle is no torn tail.
    Files.delete(segment(4));
    assertThatThrownBy(() -> replayed(100))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("expected the first sequence");
  }

  /** After each record the folder is looked at as a kill would leave it. */
  @Test
  void whatADroppedSegmentHeldNeverComesBack() throws IOException {
    var live = new ArrayDeque<byte[]>();
    var perSegment = new ArrayDeque<Integer>();
    int records = 0;
    boolean writtenOver = false;
    try (Journal journal = Journal.open(folder, 100, (p, r) -> {})) {
      for (int i = 0; i < 60; i++) {
        if (journal.full()) {
          perSegment.add(records);
          records = 0;
          journal.roll();
          assertThat(killed()).containsExactlyElementsOf(live);
        }
        if (perSegment.size() == 3) {
          journal.dropBefore(journal.currentSegment() - 1);
          for (int gone = perSegment.remove() + perSegment.remove(); gone > 0; gone--) {
            live.remove();
          }
        }
        ByteBuffer record = bytes(i % 7 == 0 ? 61 : 30, i);
        live.add(copy(record));
        journal.append(record);
        records++;
        writtenOver |= Files.size(segment(journal.currentSegment())) > 100 && !journal.full();
        assertThat(killed()).containsExactlyElementsOf(live);
      }
    }
    assertThat(writtenOver).isTrue();
    assertThat(replayed(100)).containsExactlyElementsOf(live);
    assertThat(spares()).isEmpty();
  }

  private List<byte[]> killed() throws IOException {
    Path copy = Files.createDirectories(folder.resolveSibling(folder.getFileName() + "-killed"));
    try (Stream<Path> old = Files.list(copy)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    var records = new ArrayList<byte[]>();
    Journal.open(copy, 100, (position, payload) -> records.add(copy(payload))).close();
    return records;
  }

  private List<Path> spares() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().startsWith("spare-")).toList();
    }
  }

  @Test
  void aTornRecordInAnEarlierSegmentIsDamage() throws IOException {
    try (Journal journal = Journal.open(folder, LARGE, (p, r) -> {})) {
      journal.append(bytes(30, 1));
      journal.roll();
      journal.append(bytes(30, 2));
    }
    byte[] first = Files.readAllBytes(segment(1));
    Files.write(segment(1), Arrays.copyOf(first, first.length - 1));
    assertThatThrownBy(() -> replayed(LARGE))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining(segment(1).toString());
  }

  @Test
  void aSegmentThatWasJustBegunIsBegunAgain() throws IOException {
    try (Journal journal = Journal.open(folder, LARGE, (p, r) -> {})) {
      journal.append(bytes(30, 1));
      journal.roll();
    }
    for (int length = 0; length <= HEADER; length++) {
      byte[] header = Files.readAllBytes(segment(2));
      Files.write(segment(2), Arrays.copyOf(header, length));
      assertThat(replayed(LARGE)).hasSize(1);
      try (Journal journal = Journal.open(folder, LARGE, (p, r) -> {})) {
        if (journal.currentSegment() == 1) {
          journal.roll();
        }
        assertThat(journal.currentSegment()).isEqualTo(2);
      }
    }
  }

  @Test
  void otherFilesAndOtherFormatsAreDifferentErrors() throws IOException {
    try (Journal journal = Journal.open(folder, LARGE, (p, r) -> {})) {
      journal.append(bytes(30, 1));
    }
    byte[] whole = Files.readAllBytes(segment(1));
    whole[4] = 2;
    Files.write(segment(1), whole);
    assertThatThrownBy(() -> replayed(LARGE))
        .isInstanceOfSatisfying(
            UnsupportedFormatException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_NEW));
    whole[0] = 'X';
    Files.write(segment(1), whole);
    assertThatThrownBy(() -> replayed(LARGE)).isInstanceOf(MalformedInputException.class);
  }

  @Test
  void whatChangesUnderfootIsNoticed() throws IOException {
    try (Journal journal = Journal.open(folder, LARGE, (p, r) -> {})) {
      Journal.Position position = journal.append(bytes(30, 1));
      byte[] whole = Files.readAllBytes(segment(1));
      whole[HEADER + 20] ^= 4;
      Files.write(segment(1), whole);
      assertThatThrownBy(() -> journal.read(position))
          .isInstanceOf(MalformedInputException.class)
          .hasMessageContaining("changed");
    }
  }

  @Test
  void nothingIsWrittenAfterAFailureOrTheEnd() throws IOException {
    Journal journal = Journal.open(folder, LARGE, (p, r) -> {});
    journal.append(bytes(30, 1));
    Files.createDirectories(segment(2));
    assertThatThrownBy(journal::roll)
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
        .hasMessageContaining(segment(2).toString());
    assertThatThrownBy(() -> journal.append(bytes(1, 1))).hasMessageContaining("segment");
    assertThatThrownBy(journal::force).isInstanceOf(TributaryException.class);
    journal.close();
    journal.close();
    assertThatThrownBy(() -> journal.append(bytes(1, 1))).hasMessageContaining("closed");
    Files.delete(segment(2));
    assertThat(replayed(LARGE)).hasSize(1);
  }

  @Test
  void recordsHaveALimit() {
    try (Journal journal = Journal.open(folder, LARGE, (p, r) -> {})) {
      ByteBuffer half = ByteBuffer.allocate(Journal.MAX_PAYLOAD_BYTES / 2 + 1);
      assertThatThrownBy(() -> journal.append(half, half))
          .isInstanceOfSatisfying(
              TributaryException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED));
    }
  }
}
