package io.tributary.codecs.raw32;

import io.tributary.codecs.CodecBytes;
import org.junit.jupiter.api.Test;

class Raw32BytesTest {
  @Test
  void lowestByteComesFirst() {
    CodecBytes.of(new Raw32Provider(), "")
        .encodes("00 00 80 3f  00 00 00 80  00 00 c0 7f", 1f, -0f, Float.NaN)
        .decodes("00 00 80 3f  00 00 00 80  00 00 c0 7f", 1f, -0f, Float.NaN);
  }
}
