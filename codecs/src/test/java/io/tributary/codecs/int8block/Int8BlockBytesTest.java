package io.tributary.codecs.int8block;

import io.tributary.codecs.CodecBytes;
import org.junit.jupiter.api.Test;

class Int8BlockBytesTest {
  private final CodecBytes int8block = CodecBytes.of(new Int8BlockProvider(), "");

  @Test
  void scaleOfWholeNumbersIsOne() {
    // Block size 64; scale 1.0; codes 127, -127, 1, 0.
    int8block
        .encodes("40 00 00 00  80 3f  7f 81 01 00", 127f, -127f, 1f, -0f)
        .decodes("40 00 00 00  80 3f  7f 81 01 00", 127f, -127f, 1f, 0f);
  }

  @Test
  void scaleIsRoundedUp() {
    // 1/127 is 1.00787 * 2^-7, and 130/128 * 2^-7 is the next bf16 number; 1 / that is 126.03.
    int8block
        .encodes("40 00 00 00  02 3c  7e 82 3f", 1f, -1f, 0.5f)
        .decodes("40 00 00 00  02 3c  7e 82 3f", 0x1.ffep-1f, -0x1.ffep-1f, 0x1.ffep-2f);
  }

  @Test
  void midwayGoesToTheEvenCode() {
    int8block.encodes("40 00 00 00  80 3f  7f 00 02 02 04 fe", 127f, 0.5f, 1.5f, 2.5f, 3.5f, -2.5f);
  }

  @Test
  void tinyBlockIsZero() {
    int8block
        .encodes("40 00 00 00  00 00  00 00", Math.nextDown(0x1p-119f), -Float.MIN_VALUE)
        .encodes("40 00 00 00  82 00  7e", 0x1p-119f);
  }

  @Test
  void largestValuesHaveAScaleThatDecodesToFiniteOnes() {
    int8block.encodes("40 00 00 00  01 7c  7f 81", Float.MAX_VALUE, -Float.MAX_VALUE);
  }

  @Test
  void codeThatIsNeverWrittenIsDecoded() {
    int8block.decodes("40 00 00 00  80 3f  80", -128f);
  }

  @Test
  void noValuesAreAHeader() {
    int8block.encodes("40 00 00 00").decodes("40 00 00 00");
  }

  @Test
  void blocksOf32HaveAScaleEach() {
    var values = new float[33];
    values[0] = 127f;
    values[31] = -1f;
    values[32] = 254f;
    String hex = "20 00 00 00  80 3f 00 40  7f" + " 00".repeat(30) + " ff 7f";
    CodecBytes.of(new Int8BlockProvider(), "32").encodes(hex, values).decodes(hex, values);
  }
}
