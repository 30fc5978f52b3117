package io.tributary.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.tensor.ModelSchema;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FragmentUpdateTest {
  private static final ModelSchema SCHEMA = TestModels.layersOnly(2);
  private static final Fragment WHOLE = FragmentMap.strided(SCHEMA, 1).fragment(0);

  /** Values that {@link OuterParameters} can't reach but by copies. */
  private static final class Elsewhere implements TensorValues {
    private final float[][] arrays =
        SCHEMA.tensors().stream().map(t -> new float[t.elements()]).toArray(float[][]::new);

    @Override
    public void read(int array, int first, float[] into, int at, int count) {
      System.arraycopy(arrays[array], first, into, at, count);
    }

    @Override
    public void write(int array, int first, float[] from, int at, int count) {
      System.arraycopy(from, at, arrays[array], first, count);
    }
  }

  private static OuterParameters theta(boolean heap) {
    return heap
        ? OuterParameters.initial(SCHEMA, 1)
        : OuterParameters.initial(SCHEMA, 1, new Elsewhere());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aChangeIsSubtractedElementByElement(boolean heap) {
    OuterParameters theta = theta(heap);
    float[] before = theta.tensor(0).clone();
    var update = new FragmentUpdate(theta, WHOLE);
    update.subtract(0, 5, new float[] {0.25f, -1f, 9f}, 2);
    assertThat(theta.tensor(0)[4]).isEqualTo(before[4]);
    assertThat(theta.tensor(0)[5]).isEqualTo(before[5] - 0.25f);
    assertThat(theta.tensor(0)[6]).isEqualTo(before[6] + 1f);
    assertThat(theta.tensor(0)[7]).isEqualTo(before[7]);
    assertThatThrownBy(() -> update.subtract(0, before.length - 1, new float[2], 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theChecksumIsThatOfTheParameters(boolean heap) {
    OuterParameters theta = theta(heap);
    var update = new FragmentUpdate(theta, WHOLE);
    for (TensorSlice slice : WHOLE.slices()) {
      subtractAll(update, slice);
    }
    assertThat(update.checksum()).isEqualTo(theta.checksum(WHOLE));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void partsInAnotherOrderOrTooFewCostASecondLook(boolean heap) {
    OuterParameters theta = theta(heap);
    var backwards = new FragmentUpdate(theta, WHOLE);
    for (int i = WHOLE.slices().size() - 1; i >= 0; i--) {
      subtractAll(backwards, WHOLE.slices().get(i));
    }
    assertThat(backwards.checksum()).isEqualTo(theta.checksum(WHOLE));
    var begun = new FragmentUpdate(theta, WHOLE);
    subtractAll(begun, WHOLE.slices().get(0));
    assertThat(begun.checksum()).isEqualTo(theta.checksum(WHOLE));
    var twice = new FragmentUpdate(theta, WHOLE);
    subtractAll(twice, WHOLE.slices().get(0));
    subtractAll(twice, WHOLE.slices().get(0));
    assertThat(twice.checksum()).isEqualTo(theta.checksum(WHOLE));
    assertThat(new FragmentUpdate(theta, WHOLE).checksum()).isEqualTo(theta.checksum(WHOLE));
  }

  @Test
  void nothingButItsFragmentChanges() {
    FragmentMap map = FragmentMap.strided(SCHEMA, 2);
    OuterParameters theta = theta(true);
    int other = theta.checksum(map.fragment(1));
    var update = new FragmentUpdate(theta, map.fragment(0));
    map.fragment(0).slices().forEach(slice -> subtractAll(update, slice));
    assertThat(update.checksum()).isEqualTo(theta.checksum(map.fragment(0)));
    assertThat(theta.checksum(map.fragment(1))).isEqualTo(other);
  }

  /** In parts of several lengths, one of them beyond a slab. */
  private static void subtractAll(FragmentUpdate update, TensorSlice slice) {
    var random = new Random(slice.index());
    int[] lengths = {1, 100, 16 * 1024 + 3};
    int part = 0;
    for (int at = 0; at < slice.count(); ) {
      int count = Math.min(lengths[part++ % lengths.length], slice.count() - at);
      var change = new float[count];
      for (int i = 0; i < count; i++) {
        change[i] = (float) random.nextGaussian();
      }
      update.subtract(slice.tensor(), slice.first() + at, change, count);
      at += count;
    }
  }
}
