package io.tributary.codecs.int4search;

import io.tributary.codecs.CodecBytes;
import org.junit.jupiter.api.Test;

class Int4SearchBytesTest {
  private static final String ROW = " 00 00 00 00 00 00 00 00 00 00 00 00 00 00";

  @Test
  void blocksAreInterleaved() {
    // Code -8 of the even book is -9 scales, so the scale 1 (0x3f8) fits. The base lies 61 below.
    // Block 0 has its sign set, block 1 not; the other values and the padding are zero.
    String payload = "bb 03  7d 3d" + ROW + "  08 08" + ROW + (" 00 00" + ROW).repeat(7);
    CodecBytes.of(new Int4SearchProvider(), "")
        .encodes(payload, 9f, -9f, 0f)
        .decodes(payload, 9f, -9f, 0f);
  }

  @Test
  void bookOfGrowingSteps() {
    // Book 1, scale 1: code 1 is 69/64, code -2 in the high half (value 8 of block 0) is -148/64.
    var values = new float[130];
    values[0] = 69 / 64f;
    values[128] = -148 / 64f;
    String payload = "bb 03  bd 00" + ROW + "  e1 00" + ROW + (" 00 00" + ROW).repeat(7);
    CodecBytes.of(new Int4SearchProvider(), "").decodes(payload, values);
  }

  @Test
  void nothingIsNothing() {
    CodecBytes.of(new Int4SearchProvider(), "").encodes("").decodes("");
  }
}
