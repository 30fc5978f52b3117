package io.tributary.file.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.error.MalformedInputException;
import io.tributary.file.ProtobufFields;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Hostile models end in the declared error, or in tensors that lie inside the file. */
class OnnxInitializersFuzzTest {
  private static final long SEED = Long.getLong("test.seed", 7);

  private static void check(byte[] model) {
    var fields =
        new ProtobufFields(
            "fuzz",
            model.length,
            (at, target, offset, count) ->
                System.arraycopy(model, (int) at, target, offset, count));
    try {
      for (OnnxTensor tensor : OnnxInitializers.find(fields)) {
        assertThat(tensor.size()).isBetween(0L, (long) model.length);
        assertThat(tensor.begin()).isBetween(0L, model.length - tensor.size());
        if (tensor.size() > 0 && tensor.elementBytes() > 0) {
          assertThat(tensor.tensor().elements() * tensor.elementBytes()).isEqualTo(tensor.size());
        }
      }
    } catch (MalformedInputException expected) {
      assertThat(expected.offset()).isBetween(0L, (long) model.length);
    }
  }

  @Test
  void damagedModels() {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    byte[] whole = OnnxBytes.model(OnnxBytes.matrix("a"), OnnxBytes.matrix("b"));
    for (int i = 0; i < 50_000; i++) {
      byte[] model = whole.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        // Most of a model is what is skipped; its end is what is read.
        int at = random.nextInt(random.nextBoolean() ? model.length : 100);
        model[model.length - 1 - at] = (byte) random.nextInt();
      }
      int length = random.nextInt(10) == 0 ? random.nextInt(model.length) : model.length;
      check(Arrays.copyOf(model, length));
    }
  }
}
