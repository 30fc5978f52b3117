package io.tributary.file.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A hostile index ends in the declared error, or in names of files beside it. */
class ShardIndexFuzzTest {
  private static final long SEED = Long.getLong("test.seed", 7);
  private static final String INDEX =
      "{\"metadata\":{\"total_size\":20,\"config\":{\"d\":[1,2.5e3]}},"
          + "\"weight_map\":{\"a\":\"x-1.st\",\"b\":\"y.st\"}}";

  @Test
  void damagedIndexes() throws IOException {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    String pieces = "{}[]\":,0123456789-.eE /\\abtruenl\n";
    Path folder = Path.of("folder");
    for (int i = 0; i < 20_000; i++) {
      byte[] json = INDEX.getBytes(StandardCharsets.UTF_8);
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        json[random.nextInt(json.length)] =
            random.nextBoolean()
                ? (byte) pieces.charAt(random.nextInt(pieces.length()))
                : (byte) random.nextInt();
      }
      int length = random.nextInt(10) == 0 ? random.nextInt(json.length) : json.length;
      try {
        ShardIndex index =
            ShardIndex.parse("fuzz", new ByteArrayInputStream(Arrays.copyOf(json, length)));
        assertThat(index.files()).isNotEmpty();
        assertThat(index.files().values())
            .allMatch(name -> folder.equals(folder.resolve(name).normalize().getParent()));
      } catch (TributaryException expected) {
        assertThat(expected.code()).isEqualTo(ErrorCode.STORAGE);
      }
    }
  }
}
