package io.tributary.codecs.int4block;

import io.tributary.codecs.CodecBytes;
import org.junit.jupiter.api.Test;

class Int4BlockBytesTest {
  private final CodecBytes int4block = CodecBytes.of(new Int4BlockProvider(), "128");

  @Test
  void halvesOfAGroupShareBytes() {
    // Block size 128; scale 1.0; 7 and -7 below, 1 and (of four values) 3 above.
    int4block
        .encodes("80 00 00 00  80 3f  17 39", 7f, -7f, 1f, 3f)
        .decodes("80 00 00 00  80 3f  17 39", 7f, -7f, 1f, 3f);
  }

  @Test
  void oddCountLeavesHalfAByteZero() {
    int4block
        .encodes("80 00 00 00  80 3f  17 09", 7f, -7f, 1f)
        .decodes("80 00 00 00  80 3f  17 09", 7f, -7f, 1f);
  }

  @Test
  void scaleIsRoundedUp() {
    // 1/7 is 1.142857 * 2^-3, and 147/128 * 2^-3 is the next bf16 number; 1 / that is 6.966.
    int4block.encodes("80 00 00 00  13 3e  97", 1f, -1f);
  }

  @Test
  void midwayGoesToTheEvenCode() {
    int4block.encodes("80 00 00 00  80 3f  27 20 e2", 7f, 0.5f, 1.5f, 1.5f, 2.5f, -2.5f);
  }

  @Test
  void codeThatIsNeverWrittenIsDecoded() {
    int4block.decodes("80 00 00 00  80 3f  08", -8f);
  }

  @Test
  void blockOf32BeginsInTheMiddleOfAGroup() {
    // 40 values: bytes 0 to 19 hold values 0 to 19 and 20 to 39, the second block begins at 32.
    var values = new float[40];
    values[0] = 7f;
    values[19] = -1f;
    values[20] = 2f;
    values[31] = -3f;
    values[32] = 14f;
    values[39] = -4f;
    String hex =
        "20 00 00 00  80 3f 00 40  27" + " 00".repeat(10) + " d0 70" + " 00".repeat(6) + " ef";
    CodecBytes.of(new Int4BlockProvider(), "32").encodes(hex, values).decodes(hex, values);
  }

  @Test
  void halvesOfAGroupAreBlocksOf32() {
    var values = new float[64];
    values[0] = 7f;
    values[32] = 14f;
    String hex = "20 00 00 00  80 3f 00 40  77" + " 00".repeat(31);
    CodecBytes.of(new Int4BlockProvider(), "32").encodes(hex, values).decodes(hex, values);
  }

  @Test
  void blockOf32OfOneValue() {
    var values = new float[33];
    values[0] = 7f;
    values[32] = 14f;
    String hex = "20 00 00 00  80 3f 00 40  07" + " 00".repeat(14) + " 70 00";
    CodecBytes.of(new Int4BlockProvider(), "32").encodes(hex, values).decodes(hex, values);
  }
}
