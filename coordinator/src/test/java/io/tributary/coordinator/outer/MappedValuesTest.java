package io.tributary.coordinator.outer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import io.tributary.run.TensorValues;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedValuesTest {
  @TempDir private Path folder;

  @Test
  void arraysAreReadAndWrittenAsOnTheHeap() {
    int[] lengths = {5, 1, 300_000};
    TensorValues mapped = MappedValues.zeros(folder, "theta", lengths);
    TensorValues heap = TensorValues.onHeap(lengths);
    assertThat(folder).as("the file has no name").isEmptyDirectory();
    var some = new float[1000];
    for (int i = 0; i < some.length; i++) {
      some[i] = 1f / (i + 1);
    }
    for (TensorValues values : new TensorValues[] {mapped, heap}) {
      values.write(0, 2, some, 10, 3);
      values.write(1, 0, some, 0, 1);
      values.write(2, 299_000, some, 0, 1000);
    }
    for (int array = 0; array < lengths.length; array++) {
      var found = new float[lengths[array] + 1];
      var expected = new float[lengths[array] + 1];
      mapped.read(array, 0, found, 1, lengths[array]);
      heap.read(array, 0, expected, 1, lengths[array]);
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void anArrayEndsWhereTheNextOneBegins() {
    TensorValues mapped = MappedValues.zeros(folder, "theta", 5, 5);
    assertThatThrownBy(() -> mapped.read(0, 3, new float[5], 0, 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> mapped.write(1, -1, new float[5], 0, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aFolderThatIsGoneIsNamed() {
    assertThatThrownBy(() -> MappedValues.zeros(folder.resolve("gone"), "theta", 5))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("theta.work");
  }
}
