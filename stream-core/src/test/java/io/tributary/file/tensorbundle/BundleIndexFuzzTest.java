package io.tributary.file.tensorbundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.error.MalformedInputException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Hostile indexes end in the declared error, or in tensors whose sizes fit their shapes. */
class BundleIndexFuzzTest {
  private static final long SEED = Long.getLong("test.seed", 7);

  private static void check(byte[] index) {
    try {
      for (BundleTensor tensor : BundleIndex.parse("fuzz", index).tensors()) {
        assertThat(tensor.begin() + tensor.size()).isNotNegative();
        tensor
            .values()
            .ifPresent(
                values ->
                    assertThat(tensor.tensor().elements() * values.blockBytes())
                        .isEqualTo(tensor.size()));
      }
    } catch (MalformedInputException expected) {
      assertThat(expected.offset()).isBetween(0L, (long) index.length);
    }
  }

  @Test
  void damagedIndexes() {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    byte[] whole =
        BundleBytes.index(
            Map.of(
                "",
                BundleBytes.header(1),
                "a/kernel",
                BundleBytes.tensor(1, 0, 24, 2, 3),
                "a/offset",
                BundleBytes.tensor(1, 24, 8, 2)));
    // What stands in front of the two blocks behind it and of the footer.
    int first = whole.length - 48 - 13 - 19;
    for (int i = 0; i < 50_000; i++) {
      byte[] index = whole.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        index[random.nextInt(index.length)] = (byte) random.nextInt();
      }
      if (random.nextInt(10) != 0) {
        // Most damage would end at the checksum, so it is made to fit.
        byte[] block = BundleBytes.sealed(Arrays.copyOf(index, first));
        System.arraycopy(block, 0, index, 0, first);
        System.arraycopy(whole, first, index, first, whole.length - first);
      }
      int length = random.nextInt(10) == 0 ? random.nextInt(index.length) : index.length;
      check(Arrays.copyOf(index, length));
    }
  }
}
