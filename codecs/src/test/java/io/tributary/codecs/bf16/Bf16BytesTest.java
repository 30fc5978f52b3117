package io.tributary.codecs.bf16;

import io.tributary.codecs.CodecBytes;
import org.junit.jupiter.api.Test;

class Bf16BytesTest {
  private final CodecBytes bf16 = CodecBytes.of(new Bf16Provider(), "");

  @Test
  void numbers() {
    bf16.encodes("80 3f  49 40  00 80", 1f, 3.140625f, -0f)
        .decodes("80 3f  49 40  00 80", 1f, 3.140625f, -0f);
  }

  @Test
  void midwayGoesToTheEvenSignificand() {
    bf16.encodes("80 3f  82 3f  81 3f", 1 + 0x1p-8f, 1 + 3 * 0x1p-8f, Math.nextUp(1 + 0x1p-8f));
  }

  @Test
  void largestValuesBecomeInfinity() {
    bf16.encodes("80 7f  7f 7f  80 ff", Float.MAX_VALUE, 0x1.FEp127f, Float.NEGATIVE_INFINITY);
  }

  @Test
  void nanIsMadeQuiet() {
    bf16.encodes("c0 7f  c0 7f", Float.NaN, Float.intBitsToFloat(0x7F80_0001));
  }
}
