package io.tributary.codecs.e3m0;

import io.tributary.codecs.CodecBytes;
import org.junit.jupiter.api.Test;

class E3m0BytesTest {
  private final CodecBytes e3m0 = CodecBytes.of(new E3m0Provider(), "");

  @Test
  void nearestMagnitudeOfEachValue() {
    // Block size 256; scale 1/64. In scales: 64, -32, 19.2, 0.5 and 0.4928, 48, 47.36, -0.0064.
    e3m0.encodes(
            "00 01 00 00  80 3c  07 7e 65 01",
            1f,
            -0.5f,
            0.3f,
            0x1p-7f,
            0.0077f,
            0.75f,
            0.74f,
            -0.0001f)
        .decodes("00 01 00 00  80 3c  07 7e 65 01", 1f, -0.5f, 0.25f, 0x1p-6f, 0f, 1f, 0.5f, 0f);
  }

  @Test
  void midwayGoesToTheLargerMagnitude() {
    // In scales: 64, 0.5, 1.5, 3, 6 and -12, 24, 48 and, of an odd count, nothing.
    e3m0.encodes("00 01 00 00  80 3f  d7 61 72 03", 64f, 0.5f, 1.5f, 3f, -12f, 24f, 48f);
  }

  @Test
  void valuesBelowHalfOfTheSmallestMagnitudeAreZero() {
    e3m0.encodes("00 01 00 00  80 3f  07", 64f, Math.nextDown(0.5f));
  }

  @Test
  void codeThatIsNeverWrittenIsMinusZero() {
    e3m0.decodes("00 01 00 00  80 3f  08", -0f);
  }
}
