package io.tributary.codecs.intblock;

import io.tributary.codecs.CodecBytes;
import org.junit.jupiter.api.Test;

class IntWhBytesTest {
  /** The first 32 bits of the fraction of pi that a block of 32 has as minus signs. */
  private static final int MINUS = 0x85A3_08D3;

  private final CodecBytes int4wh = CodecBytes.of(new Int4WhProvider(), "32");

  @Test
  void oneValueIsSpreadOverItsBlock() {
    // The first value, whose sign is minus: all 32 sums are -448 / 64 = -7, scale 1, code 9. The
    // second block is zeros.
    var values = new float[64];
    values[0] = 448f;
    String hex = "20 00 00 00  80 3f 00 00 " + " 09".repeat(32);
    int4wh.encodes(hex, values).decodes(hex, values);
  }

  @Test
  void valuesWithTheSignsOfTheRuleBecomeOne() {
    // All 32 values add up in the first sum: 32 * 14 / 64 = 7; the other sums are zero.
    var values = new float[64];
    for (int i = 0; i < 32; i++) {
      values[i] = (MINUS >>> i & 1) == 0 ? 14f : -14f;
    }
    String hex = "20 00 00 00  80 3f 00 00  07" + " 00".repeat(31);
    int4wh.encodes(hex, values).decodes(hex, values);
  }

  @Test
  void whatIsLessThanAGroupIsNotRotated() {
    int4wh.encodes("20 00 00 00  80 3f  17 09", 7f, -7f, 1f);
  }
}
