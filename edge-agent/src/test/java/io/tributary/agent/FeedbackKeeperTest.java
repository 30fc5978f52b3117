package io.tributary.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CodecSession;
import io.tributary.run.Fragment;
import io.tributary.run.RunManifest;
import io.tributary.run.TensorSlice;
import io.tributary.run.TestModels;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedbackKeeperTest {
  private static final CodecRegistry CODECS = CodecRegistry.load();
  private static final RunManifest MANIFEST =
      TestModels.manifest(1, 1, "embedding=raw32, *=e3m0+ef", "raw32");

  @TempDir private Path folder;

  private static CodecSession[] sessions() {
    CodecPolicy policy = CodecPolicy.parse(MANIFEST.codecUp(), CODECS);
    return MANIFEST.fragmentMap().slices().stream()
        .map(
            s ->
                CODECS.session(
                    policy.choose(MANIFEST.schema().tensors().get(s.tensor())), s.count()))
        .toArray(CodecSession[]::new);
  }

  /** Encodes values of a generator with each session of a fragment; returns the encoded bytes. */
  private static byte[] encode(CodecSession[] sessions, Fragment fragment, int seed) {
    var random = new Random(seed);
    var all = new java.io.ByteArrayOutputStream();
    for (TensorSlice slice : fragment.slices()) {
      var values = new float[slice.count()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      var bytes = new byte[sessions[slice.index()].codec().maxEncodedLength(values.length)];
      int length = sessions[slice.index()].encode(0, values, 0, values.length, bytes, 0);
      all.write(bytes, 0, length);
    }
    return all.toByteArray();
  }

  private FeedbackKeeper keeper(CodecSession[] sessions) {
    return new FeedbackKeeper(folder, MANIFEST, CODECS, sessions);
  }

  private static Fragment fragment(int index) {
    return MANIFEST.fragmentMap().fragment(index);
  }

  @Test
  void sessionsGoOnWithTheSameBits() {
    CodecSession[] sessions = sessions();
    FeedbackMark[] marks = {FeedbackMark.NONE, FeedbackMark.NONE, FeedbackMark.NONE};
    byte[] expected;
    try (FeedbackKeeper keeper = keeper(sessions)) {
      for (int version = 1; version <= 3; version++) {
        for (int f = 0; f < 3; f++) {
          encode(sessions, fragment(f), version * 10 + f);
          marks[f] = keeper.keep(fragment(f), version);
          keeper.force();
          keeper.forgetOld(List.of(marks));
        }
      }
      assertThat(marks[2].generation()).isEqualTo(3);
      assertThat(marks[2].crc32c()).isNotEqualTo(marks[1].crc32c());
      expected = encode(sessions, fragment(1), 99);
    }
    CodecSession[] again = sessions();
    try (FeedbackKeeper keeper = keeper(again)) {
      assertThat(keeper.restore(List.of(marks))).containsExactly(marks);
      assertThat(encode(again, fragment(1), 99)).isEqualTo(expected);
      assertThat(encode(sessions(), fragment(1), 99)).isNotEqualTo(expected);
    }
  }

  @Test
  void aCutThatWasNotFinishedLeavesTheGenerationBefore() {
    CodecSession[] sessions = sessions();
    FeedbackMark first;
    byte[] expected;
    try (FeedbackKeeper keeper = keeper(sessions)) {
      encode(sessions, fragment(0), 1);
      first = keeper.keep(fragment(0), 1);
      expected = encode(sessions, fragment(0), 2);
      keeper.keep(fragment(0), 2); // killed before the state that names it is written
    }
    CodecSession[] again = sessions();
    List<FeedbackMark> marks = List.of(first, FeedbackMark.NONE, FeedbackMark.NONE);
    try (FeedbackKeeper keeper = keeper(again)) {
      assertThat(keeper.restore(marks)).isEqualTo(marks);
      assertThat(encode(again, fragment(0), 2)).isEqualTo(expected);
      assertThat(keeper.keep(fragment(0), 2).generation()).isEqualTo(2);
    }
  }

  @Test
  void whatIsLostOrDamagedBeginsAnewAndIsNotNamedAnyMore() throws IOException {
    CodecSession[] sessions = sessions();
    FeedbackMark mark;
    try (FeedbackKeeper keeper = keeper(sessions)) {
      encode(sessions, fragment(0), 1);
      mark = keeper.keep(fragment(0), 1);
    }
    List<FeedbackMark> marks = List.of(mark, FeedbackMark.NONE, FeedbackMark.NONE);
    Path file = folder.resolve("residuals.chm");
    byte[] good = Files.readAllBytes(file);
    byte[] fresh = encode(sessions(), fragment(0), 2);

    var wrong = new FeedbackMark(1, mark.crc32c() ^ 1);
    CodecSession[] again = sessions();
    try (FeedbackKeeper keeper = keeper(again)) {
      assertThat(keeper.restore(List.of(wrong, FeedbackMark.NONE, FeedbackMark.NONE)))
          .containsOnly(FeedbackMark.NONE);
      assertThat(encode(again, fragment(0), 2)).isEqualTo(fresh);
    }
    // The whole data area of the file zeroed, as if its pages had never been written.
    Files.write(file, good);
    try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.seek(raw.length() / 2);
      raw.write(new byte[(int) (raw.length() - raw.length() / 2)]);
    }
    again = sessions();
    try (FeedbackKeeper keeper = keeper(again)) {
      List<FeedbackMark> found = keeper.restore(marks);
      if (found.get(0).equals(FeedbackMark.NONE)) {
        assertThat(encode(again, fragment(0), 2)).isEqualTo(fresh);
      } else {
        assertThat(found).isEqualTo(marks); // the entries lay in the other half
      }
    }
    Files.delete(file);
    again = sessions();
    try (FeedbackKeeper keeper = keeper(again)) {
      assertThat(keeper.restore(marks)).containsOnly(FeedbackMark.NONE);
      assertThat(encode(again, fragment(0), 2)).isEqualTo(fresh);
    }
  }

  @Test
  void withoutFeedbackThereIsNoFile() throws IOException {
    RunManifest plain = TestModels.manifest(1, 1, "e3m0", "e3m0+ef");
    CodecSession[] sessions = sessions();
    try (var keeper = new FeedbackKeeper(folder, plain, CODECS, sessions)) {
      assertThat(keeper.keep(fragment(0), 1)).isEqualTo(FeedbackMark.NONE);
      keeper.force();
      keeper.forgetOld(List.of());
    }
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
    // A fragment none of whose tensors has feedback.
    RunManifest half = TestModels.manifest(1, 1, "layer.0.*=e3m0+ef, *=raw32", "raw32");
    try (var keeper = new FeedbackKeeper(folder, half, CODECS, sessions)) {
      assertThat(keeper.keep(fragment(2), 1)).isEqualTo(FeedbackMark.NONE);
      assertThat(keeper.keep(fragment(0), 1)).isNotEqualTo(FeedbackMark.NONE);
    }
  }
}
