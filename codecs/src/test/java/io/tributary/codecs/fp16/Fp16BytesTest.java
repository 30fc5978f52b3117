package io.tributary.codecs.fp16;

import io.tributary.codecs.CodecBytes;
import org.junit.jupiter.api.Test;

class Fp16BytesTest {
  private final CodecBytes fp16 = CodecBytes.of(new Fp16Provider(), "");

  @Test
  void numbers() {
    fp16.encodes("00 3c  00 c0  ff 7b  00 80", 1f, -2f, 65504f, -0f)
        .decodes("00 3c  00 c0  ff 7b  00 80", 1f, -2f, 65504f, -0f);
  }

  @Test
  void midwayGoesToTheEvenSignificand() {
    fp16.encodes("00 3c  02 3c  01 3c", 1 + 0x1p-11f, 1 + 3 * 0x1p-11f, 1 + 0x1.001p-11f);
  }

  @Test
  void overflowBeginsAt65520() {
    fp16.encodes("ff 7b  00 7c  00 fc", Math.nextDown(65520f), 65520f, Float.NEGATIVE_INFINITY)
        .decodes("00 7c  00 fc", Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
  }

  @Test
  void subnormalsEndAt2ToTheMinus25() {
    fp16.encodes("00 04  ff 03  01 00  00 00", 0x1p-14f, 1023 * 0x1p-24f, 0x1p-24f, 0x1p-25f)
        .encodes("01 00  01 80", Math.nextUp(0x1p-25f), -0x1p-24f)
        .decodes("00 04  ff 03  01 80", 0x1p-14f, 1023 * 0x1p-24f, -0x1p-24f);
  }

  @Test
  void nanKeepsSignAndUpperPayload() {
    fp16.encodes("00 7e  55 fe", Float.NaN, Float.intBitsToFloat(0xFFCA_A001));
  }
}
