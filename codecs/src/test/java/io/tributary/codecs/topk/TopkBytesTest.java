package io.tributary.codecs.topk;

import io.tributary.codecs.CodecBytes;
import org.junit.jupiter.api.Test;

class TopkBytesTest {
  // A quarter of the values, 4 bits each: K is 0x400, seven steps between the ends.
  private final CodecBytes topk = CodecBytes.of(new TopkProvider(), "0.25-4b");

  @Test
  void endsThenEntries() {
    // 1 at index 2 is step 0, -8 at index 5 is sign and step 7: 0x0002 and 0xF005.
    topk.encodes(
            "00 04 04 00  80 3f 00 41  02 00 05 f0", 0.5f, 0f, 1f, 0.25f, 0.75f, -8f, -0.5f, 0f)
        .decodes("00 04 04 00  80 3f 00 41  02 00 05 f0", 0f, 0f, 1f, 0f, 0f, -8f, 0f, 0f);
  }

  @Test
  void ofEqualMagnitudesTheFirstIsKept() {
    topk.encodes("00 04 04 00  80 3f 80 3f  01 80", 0f, -1f, 1f, 1f)
        .decodes("00 04 04 00  80 3f 80 3f  01 80", 0f, -1f, 0f, 0f);
  }

  @Test
  void atLeastOneIsKept() {
    topk.encodes("00 04 04 00  00 40 00 40  00 00", 2f);
    topk.encodes("00 04 04 00");
  }

  @Test
  void entriesCrossBytes() {
    // 14 bits each: 0x0001 and 0x2002, that is sign, step 0, index 2.
    CodecBytes.of(new TopkProvider(), "0.5-2b")
        .encodes("00 08 02 00  80 3f 80 3f  01 80 00 08", 0f, 1f, -1f, 0f);
  }
}
