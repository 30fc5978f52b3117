package io.tributary.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FragmentMapTest {
  @Test
  void everyTensorIsInExactlyOneFragment() {
    for (int layers = 1; layers <= 9; layers++) {
      for (ModelSchema schema :
          List.of(TestModels.layered(layers), TestModels.layersOnly(layers))) {
        for (int p = 1; p <= layers; p++) {
          FragmentMap map = FragmentMap.strided(schema, p);
          List<Integer> all = map.fragments().stream().flatMap(f -> f.tensors().stream()).toList();
          assertThat(all)
              .containsExactlyInAnyOrderElementsOf(
                  IntStream.range(0, schema.tensors().size()).boxed().toList());
          assertThat(map.fragments().stream().mapToLong(Fragment::elements).sum())
              .isEqualTo(schema.parameters());
          for (int f = 0; f < map.size(); f++) {
            assertThat(map.fragment(f).index()).isEqualTo(f);
            assertThat(map.fragment(f).tensors()).isSorted().isNotEmpty();
          }
        }
      }
    }
  }

  @Test
  void layersAreStridedAndTheRestIsTheBase() {
    ModelSchema schema = TestModels.layered(7);
    FragmentMap map = FragmentMap.strided(schema, 3);
    assertThat(map.size()).isEqualTo(4);
    for (int f = 0; f < 3; f++) {
      int fragment = f;
      assertThat(map.fragment(f).tensors())
          .allMatch(t -> schema.tensors().get(t).layer() % 3 == fragment);
    }
    assertThat(map.fragment(3).tensors()).containsExactly(0, schema.tensors().size() - 1);
    assertThat(FragmentMap.strided(TestModels.layersOnly(7), 3).size()).isEqualTo(3);
  }

  @Test
  void aFragmentWithoutALayerIsLeftOut() {
    // Layers 0 and 2 only: with a stride of 2 nothing falls to fragment 1.
    var gaps =
        new ModelSchema(
            List.of(
                new TensorSpec("a", List.of(2), TensorRole.NORM, 0, Initializer.constant(1)),
                new TensorSpec("b", List.of(2), TensorRole.NORM, 2, Initializer.constant(1))));
    FragmentMap map = FragmentMap.strided(gaps, 2);
    assertThat(map.fragments()).containsExactly(new Fragment(0, List.of(0, 1), 4));
  }

  @Test
  void moreFragmentsThanLayersAreRefused() {
    for (int p : new int[] {0, -1, 4}) {
      assertThatThrownBy(() -> FragmentMap.strided(TestModels.layered(3), p))
          .isInstanceOf(TributaryException.class)
          .hasMessage("fragments: expected 1 to the model's number of layers, 3, found " + p);
    }
  }
}
