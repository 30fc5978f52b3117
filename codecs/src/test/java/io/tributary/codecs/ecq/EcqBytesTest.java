package io.tributary.codecs.ecq;

import io.tributary.codecs.CodecBytes;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EcqBytesTest {
  private final CodecBytes ecq = CodecBytes.of(new EcqProvider(), "2b");

  @Test
  void zerosTakeOneByte() {
    ecq.encodes("00", 0f, -0f, 0f).decodes("00", 0f, 0f, 0f);
    ecq.encodes("00").decodes("00");
  }

  @Test
  void fewValuesTravelAsFloats() {
    ecq.encodes("02 00 00 80 3f  00 00 00 c0", 1f, -2f)
        .decodes("02 00 00 80 3f 00 00 00 80", 1f, -0f);
  }

  @Test
  void codesFollowTables() {
    var values = new float[16];
    Arrays.fill(values, 1f);
    values[3] = -1f;
    values[9] = 0f;
    var decoded = new float[16];
    Arrays.fill(decoded, (256 * 4 + 85) * (Float.intBitsToFloat(0x3e6a9ac0) / 256));
    decoded[3] = -decoded[0];
    decoded[9] = 0f;
    String payload =
        // Form 1, no low bits, one class; points 3 and above 85/256 beyond; step; 11 bytes of side
        // information; no low bits.
        "01 00 01  00 00 55  c0 9a 6a 3e  0b 00 00  fb 0f 79 9f 19 d7 20 27 22 9f 94"
            // The states; all codes fit into them.
            + "70 1c 03 00  98 3c 2b 00  70 1c 03 00  20 80 2b 00";
    ecq.encodes(payload, values).decodes(payload, decoded);
  }
}
