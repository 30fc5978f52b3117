package io.tributary.codecs.intblock;

import io.tributary.codecs.CodecBytes;
import org.junit.jupiter.api.Test;

class IntBlockBytesTest {
  private static CodecBytes codec(IntBlockProvider provider) {
    return CodecBytes.of(provider, "128");
  }

  @Test
  void twoBitsHaveFourLevelsWithoutZero() {
    // Scale 1: codes 0, 1, -1, -2, 0 are 00, 01, 11, 10, 00; value j + 2 i at bit 2 i of byte j.
    codec(new Int2BlockProvider())
        .decodes("80 00 00 00  80 3f  0c 09", 4f, 12f, -4f, -12f, 4f)
        .decodes("80 00 00 00  00 00  00", 0f, 0f, 0f);
  }

  @Test
  void twoBitsKeepTheSizeOfEqualMagnitudes() {
    // Eight values of magnitude 8, root mean square 8: the level is the outer one from 8 scales on.
    // The ruler is 8 / 127, rounded up to 0x3d82; the codes' squares are 126^2, with a root of
    // 125.9,
    // so the scale is 0.0635 * 125.9 / 8 = 0.999 and rounds to 1.
    codec(new Int2BlockProvider())
        .encodes("80 00 00 00  80 3f  55 aa", 8f, -8f, 8f, -8f, 8f, -8f, 8f, -8f);
  }

  @Test
  void threeBitsArePairsAndTopBits() {
    // Scale 0.25, steps of 1: codes 3, -3, 1, 0, -1 are 011, 101, 001, 000, 111. Pairs 11 01 01 00
    // 11 in two bytes, value j + 2 i at bit 2 i of byte j: 3 1 3 and 1 0. Top bits 0 1 0 0 1.
    codec(new Int3BlockProvider())
        .encodes("80 00 00 00  80 3e  37 01 12", 3f, -3f, 1f, 0f, -1f)
        .decodes("80 00 00 00  80 3e  37 01 12", 3f, -3f, 1f, 0f, -1f);
  }

  @Test
  void fiveBitsAreNibblesAndTopBits() {
    // Scale 1: codes 15, -15, 4 are 01111, 10001, 00100. Nibbles f 1 4, top bits 0 1 0.
    codec(new Int5BlockProvider())
        .encodes("80 00 00 00  80 3f  4f 01 02", 15f, -15f, 4f)
        .decodes("80 00 00 00  80 3f  4f 01 02", 15f, -15f, 4f);
  }

  @Test
  void sixBitsAreNibblesAndPairs() {
    // Scale 1: codes 31, -31, 18 are 011111, 100001, 010010. Nibbles f 1 2, pairs 01 10 01.
    codec(new Int6BlockProvider())
        .encodes("80 00 00 00  80 3f  2f 01 19", 31f, -31f, 18f)
        .decodes("80 00 00 00  80 3f  2f 01 19", 31f, -31f, 18f);
  }

  @Test
  void sevenBitsAreNibblesPairsAndTopBits() {
    // Scale 1: codes 63, -63, 18 are 0111111, 1000001, 0010010. Nibbles f 1 2, pairs 11 00 01, top
    // bits 0 1 0.
    codec(new Int7BlockProvider())
        .encodes("80 00 00 00  80 3f  2f 01 13 02", 63f, -63f, 18f)
        .decodes("80 00 00 00  80 3f  2f 01 13 02", 63f, -63f, 18f);
  }

  @Test
  void groupsOf64FollowEachOther() {
    var values = new float[65];
    values[0] = 15f;
    values[63] = -15f;
    values[64] = 15f;
    // Of the first group: value 0 in the low half of byte 0, value 63 in the high half of byte 31
    // and, its top bit, bit 7 of the plane's byte 7.
    String hex =
        "80 00 00 00  80 3f  0f" + " 00".repeat(30) + " 10" + " 00".repeat(7) + " 80" + "  0f 00";
    codec(new Int5BlockProvider()).encodes(hex, values).decodes(hex, values);
  }
}
