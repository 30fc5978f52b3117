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

  @Test
  void blockOf32BeginsInTheMiddleOfAGroup() {
    // 40 values: bytes 0 to 19 hold values 0 to 19 and 20 to 39, the second block begins at 32.
    var values = new float[40];
    values[0] = 64f;
    values[19] = -1f;
    values[20] = 2f;
    values[31] = -4f;
    values[32] = 128f;
    values[39] = -4f;
    String hex =
        "20 00 00 00  80 3f 00 40  27" + " 00".repeat(10) + " b0 70" + " 00".repeat(6) + " a9";
    CodecBytes.of(new E3m0Provider(), "32").encodes(hex, values).decodes(hex, values);
  }

  @Test
  void halvesOfAGroupAreBlocksOf32() {
    var values = new float[64];
    values[0] = 64f;
    values[32] = 128f;
    String hex = "20 00 00 00  80 3f 00 40  77" + " 00".repeat(31);
    CodecBytes.of(new E3m0Provider(), "32").encodes(hex, values).decodes(hex, values);
  }

  @Test
  void blockOf32OfOneValue() {
    var values = new float[33];
    values[0] = 64f;
    values[32] = 128f;
    String hex = "20 00 00 00  80 3f 00 40  07" + " 00".repeat(14) + " 70 00";
    CodecBytes.of(new E3m0Provider(), "32").encodes(hex, values).decodes(hex, values);
  }
}
