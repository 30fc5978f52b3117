package io.tributary.codecs.fp4;

import io.tributary.codecs.CodecBytes;
import org.junit.jupiter.api.Test;

class Fp4BytesTest {
  private final CodecBytes mxfp4 = CodecBytes.of(new Mxfp4Provider(), "");
  private final CodecBytes nvfp4 = CodecBytes.of(new Nvfp4Provider(), "");

  @Test
  void mxfp4HasEveryNumberOfE2m1() {
    // Scale 2^0 is 127; values 0 to 7 in the low halves, their opposites in the high ones.
    mxfp4
        .encodes(
            "7f  80 91 a2 b3 c4 d5 e6 f7",
            0f,
            0.5f,
            1f,
            1.5f,
            2f,
            3f,
            4f,
            6f,
            -0f,
            -0.5f,
            -1f,
            -1.5f,
            -2f,
            -3f,
            -4f,
            -6f)
        .decodes(
            "7f  80 91 a2 b3 c4 d5 e6 f7",
            0f,
            0.5f,
            1f,
            1.5f,
            2f,
            3f,
            4f,
            6f,
            -0f,
            -0.5f,
            -1f,
            -1.5f,
            -2f,
            -3f,
            -4f,
            -6f);
  }

  @Test
  void mxfp4GoesToTheEvenCodeMidway() {
    // 0.25, 0.75, 1.25, 1.75, 2.5, 3.5 and 5 become 0, 1, 1, 2, 2, 4 and 4.
    mxfp4.encodes("7f  40 62 62 74 07", 0.25f, 0.75f, 1.25f, 1.75f, 6f, 2.5f, 3.5f, 5f, 6f, 0f);
  }

  @Test
  void mxfp4SaturatesUpTo7AndDoublesItsScaleFromThere() {
    mxfp4.encodes("7f  07", Math.nextDown(7f)).encodes("80  06", 7f);
  }

  @Test
  void mxfp4HasAScaleForEach32() {
    var values = new float[33];
    values[0] = 6f;
    values[32] = -12f;
    // 33 values: 17 in the low halves, 16 in the high ones; value 32 is the high half of byte 15.
    String hex = "7f 80  07" + " 00".repeat(14) + " f0 00";
    mxfp4.encodes(hex, values).decodes(hex, values);
  }

  @Test
  void mxfp4OfZerosHasTheLeastScale() {
    mxfp4.encodes("02  00", 0f, 0f).encodes("", new float[0]);
  }

  @Test
  void nvfp4HasAChunkScaleAndE4m3Scales() {
    // Chunk scale 1: the largest magnitude is 6 * 448. Block scales 448 (7e) and 1 (38), and 2^-9
    // times 1 (01), whose block is 6 * 2^-9.
    var values = new float[33];
    values[0] = 2688f;
    values[16] = 6f;
    values[17] = -3f;
    values[32] = 6 * 0x1p-9f;
    String hex = "00 00 80 3f  7e 38 01  07" + " 00".repeat(14) + " 70 07";
    String withMinus = "00 00 80 3f  7e 38 01  d7";
    // Value 17 is the high half of byte 0, value 16 the low half of byte 16.
    nvfp4.encodes(withMinus + " 00".repeat(14) + " 70 07", values);
    nvfp4.decodes(withMinus + " 00".repeat(14) + " 70 07", values);
    values[17] = 0f;
    nvfp4.encodes(hex, values).decodes(hex, values);
  }

  @Test
  void nvfp4OfZerosHasScaleZero() {
    nvfp4.encodes("00 00 00 00  00  00", 0f, 0f).encodes("00 00 00 00", new float[0]);
    nvfp4.decodes("00 00 00 00  00  07", 0f);
  }
}
