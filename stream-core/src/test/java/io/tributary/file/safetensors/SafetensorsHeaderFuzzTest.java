package io.tributary.file.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.error.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Hostile headers end in the declared error, or in tensors that fill the data exactly. */
class SafetensorsHeaderFuzzTest {
  private static final long SEED = Long.getLong("test.seed", 7);
  private static final int DATA = 24;
  private static final String HEADER =
      "{\"__metadata__\":{\"a\":\"b\"},\"x\":{\"dtype\":\"F32\",\"shape\":[2,2],"
          + "\"data_offsets\":[0,16]},\"y\":{\"dtype\":\"BF16\",\"shape\":[4],"
          + "\"data_offsets\":[16,24]}}";

  private static void check(byte[] header) {
    SafetensorsHeader parsed;
    try {
      parsed = SafetensorsHeader.parse("fuzz", header, DATA);
    } catch (MalformedInputException expected) {
      assertThat(expected.offset()).isBetween(0L, 8L + header.length + DATA);
      return;
    }
    long end = 0;
    for (SafetensorsTensor tensor : parsed.tensors()) {
      assertThat(tensor.begin()).isEqualTo(end);
      assertThat(tensor.elements()).isBetween(0L, (long) DATA);
      end = tensor.end();
    }
    assertThat(end).isEqualTo(DATA);
  }

  @Test
  void damagedHeaders() {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    String pieces = "{}[]\":,0123456789-.eE xyabF32BF16\\u0000\n";
    for (int i = 0; i < 50_000; i++) {
      byte[] header = HEADER.getBytes(StandardCharsets.UTF_8);
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        int at = random.nextInt(header.length);
        header[at] =
            random.nextBoolean()
                ? (byte) pieces.charAt(random.nextInt(pieces.length()))
                : (byte) random.nextInt();
      }
      int length = random.nextInt(10) == 0 ? random.nextInt(header.length) : header.length;
      check(java.util.Arrays.copyOf(header, length));
    }
  }
}
