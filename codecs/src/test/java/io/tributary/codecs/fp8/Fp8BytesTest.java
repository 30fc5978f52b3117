package io.tributary.codecs.fp8;

import io.tributary.codecs.CodecBytes;
import org.junit.jupiter.api.Test;

class Fp8BytesTest {
  private final CodecBytes e4m3 = CodecBytes.of(new Fp8E4m3Provider(), "");
  private final CodecBytes e5m2 = CodecBytes.of(new Fp8E5m2Provider(), "");

  @Test
  void e4m3CountsFromItsLeastMagnitude() {
    // Scale 2^-9: 448 and -1, then 8, 1 and 0.5 of 2^-9: the last is midway and becomes zero.
    e4m3.encodes("00 01 00 00  00 3b  7e b8 08 01 00", 448f, -1f, 0x1p-6f, 0x1p-9f, 0x1p-10f)
        .decodes("00 01 00 00  00 3b  7e b8 08 01 80", 448f, -1f, 0x1p-6f, 0x1p-9f, -0f);
  }

  @Test
  void e4m3GoesToTheEvenSignificandMidway() {
    // 17/16 and 19/16 lie midway between eighths; 464 lies below the largest number's scale.
    e4m3.encodes("00 01 00 00  00 3b  7e 38 3a", 448f, 1.0625f, 1.1875f);
  }

  @Test
  void e4m3HasNoNan() {
    e4m3.decodes("00 01 00 00  00 3b  7f ff", 480f, -480f);
  }

  @Test
  void e5m2CountsFromItsLeastMagnitude() {
    // Scale 2^-16: 57344 and -1, then 4 and 1 of 2^-16.
    e5m2.encodes("00 01 00 00  80 37  7b bc 04 01", 57344f, -1f, 0x1p-14f, 0x1p-16f)
        .decodes("00 01 00 00  80 37  7b bc 04 01", 57344f, -1f, 0x1p-14f, 0x1p-16f);
  }

  @Test
  void e5m2HasNoInfinity() {
    e5m2.decodes("00 01 00 00  80 37  7c ff", 65536f, -114688f);
  }
}
