package io.tributary.codecs.lowrank;

import io.tributary.codecs.CodecBytes;
import org.junit.jupiter.api.Test;

class LowRankBytesTest {
  // Rank 1, rows of 8.
  private final CodecBytes lowrank = CodecBytes.of(new LowRankProvider(), "1-8");

  @Test
  void directionsThenRows() {
    // Q is (1, 0, ...), 0x3f80, but for its sign; P is (0.5, 1, 1.5) times 2^1.
    lowrank.decodes(
        "08 00 01 00 01 00 00 00"
            + "80 3f 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
            + "00 3f 80 3f c0 3f",
        1f,
        0f,
        0f,
        0f,
        0f,
        0f,
        0f,
        0f,
        2f,
        0f,
        0f,
        0f,
        0f,
        0f,
        0f,
        0f,
        3f,
        0f,
        0f);
  }

  @Test
  void zerosHaveNoRank() {
    lowrank
        .encodes("08 00 00 00 00 00 00 00", new float[24])
        .decodes("08 00 00 00 00 00 00 00", new float[24]);
  }

  @Test
  void whatFactorsWouldNotMakeSmallerIsPlain() {
    lowrank
        .encodes("00 00 00 00 00 00 00 00 80 3f 00 c0", 1f, -2f)
        .decodes("00 00 00 00 00 00 00 00 80 3f 00 c0", 1f, -2f);
    lowrank.encodes("00 00 00 00 00 00 00 00");
    lowrank.encodes("00 00 00 00 00 00 00 00 7f 7f", Float.MAX_VALUE);
  }
}
