package io.tributary.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FragmentMapTest {
  private static List<Integer> tensors(Fragment fragment) {
    return fragment.slices().stream().map(TensorSlice::tensor).toList();
  }

  @Test
  void everyTensorIsInExactlyOneFragment() {
    for (int layers = 1; layers <= 9; layers++) {
      for (ModelSchema schema :
          List.of(TestModels.layered(layers), TestModels.layersOnly(layers))) {
        for (int p = 1; p <= layers; p++) {
          FragmentMap map = FragmentMap.strided(schema, p);
          List<Integer> all =
              map.fragments().stream()
                  .flatMap(f -> f.slices().stream())
                  .map(TensorSlice::tensor)
                  .toList();
          assertThat(all)
              .containsExactlyInAnyOrderElementsOf(
                  IntStream.range(0, schema.tensors().size()).boxed().toList());
          assertThat(map.fragments().stream().mapToLong(Fragment::elements).sum())
              .isEqualTo(schema.parameters());
          for (int f = 0; f < map.size(); f++) {
            assertThat(map.fragment(f).index()).isEqualTo(f);
            assertThat(tensors(map.fragment(f))).isSorted().isNotEmpty();
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
      assertThat(tensors(map.fragment(f)))
          .allMatch(t -> schema.tensors().get(t).layer() % 3 == fragment);
    }
    assertThat(tensors(map.fragment(3))).containsExactly(0, schema.tensors().size() - 1);
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
    assertThat(map.fragments())
        .containsExactly(
            new Fragment(0, List.of(new TensorSlice(0, 0, 0, 2), new TensorSlice(1, 1, 0, 2))));
  }

  @Test
  void moreFragmentsThanLayersAreRefused() {
    for (int p : new int[] {0, -1, 4}) {
      assertThatThrownBy(() -> FragmentMap.strided(TestModels.layered(3), p))
          .isInstanceOf(TributaryException.class)
          .hasMessage("fragments: expected 1 to the model's number of layers, 3, found " + p);
    }
  }

  @Test
  void neighbouringLayersGoTogetherInSequence() {
    ModelSchema schema = TestModels.layered(7);
    FragmentMap map = FragmentMap.of(schema, FragmentOrder.SEQUENTIAL, 3);
    int[][] layers = {{0, 1, 2}, {3, 4}, {5, 6}};
    for (int f = 0; f < 3; f++) {
      assertThat(
              tensors(map.fragment(f)).stream()
                  .map(t -> schema.tensors().get(t).layer())
                  .distinct()
                  .toList())
          .containsExactlyElementsOf(IntStream.of(layers[f]).boxed().toList());
    }
    assertThat(tensors(map.fragment(3))).containsExactly(0, schema.tensors().size() - 1);
    assertThat(FragmentMap.of(schema, FragmentOrder.SEQUENTIAL, 1).size()).isEqualTo(1);
  }

  @Test
  void aBaseThatWouldSetThePeakIsCutBetweenRows() {
    for (int vocabulary : new int[] {21, 22, 40, 41, 63, 64, 1000}) {
      var tensors = new ArrayList<TensorSpec>();
      tensors.add(matrix("tokens", vocabulary, 10, -1));
      tensors.add(matrix("positions", 3, 10, -1));
      tensors.add(matrix("layer.0", 20, 10, 0));
      tensors.add(matrix("layer.1", 21, 10, 1));
      tensors.add(matrix("norm", 10, 1, -1));
      var schema = new ModelSchema(tensors);
      for (FragmentOrder order : FragmentOrder.values()) {
        FragmentMap map = FragmentMap.of(schema, order, 2);
        long base = schema.parameters() - 410;
        assertThat(map.size()).isEqualTo(2 + (int) Math.ceil(base / 210.0));
        for (Fragment fragment : map.fragments()) {
          assertThat(fragment.elements()).isBetween(1L, 210L);
          for (TensorSlice slice : fragment.slices()) {
            int row = schema.tensors().get(slice.tensor()).shape().get(1);
            assertThat(slice.first() % row).isZero();
            assertThat(slice.count() % row).isZero();
          }
        }
      }
    }
  }

  private static TensorSpec matrix(String name, int rows, int columns, int layer) {
    return new TensorSpec(
        name, List.of(rows, columns), TensorRole.MATRIX, layer, Initializer.constant(1));
  }

  @Test
  void slicesKnowTheirPlace() {
    List<TensorSlice> slices = FragmentMap.strided(TestModels.layered(5), 2).slices();
    for (int i = 0; i < slices.size(); i++) {
      assertThat(slices.get(i).index()).isEqualTo(i);
    }
    var slice = new TensorSlice(0, 3, 10, 5);
    assertThat(slice.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}))
        .containsExactly(10, 11, 12, 13, 14);
    assertThat(slice.covers(3, 10, 5)).isTrue();
    assertThat(slice.covers(3, 12, 3)).isTrue();
    assertThat(slice.covers(2, 10, 5)).isFalse();
    assertThat(slice.covers(3, 9, 1)).isFalse();
    assertThat(slice.covers(3, 12, 4)).isFalse();
    assertThat(slice.covers(3, Long.MAX_VALUE, 1)).isFalse();
    assertThat(slice.covers(3, 10, -1)).isFalse();
  }

  @Test
  void aMapThatMissesOrRepeatsATensorIsRefused() {
    var schema = new ModelSchema(List.of(matrix("a", 2, 2, 0), matrix("b", 3, 2, 1)));
    var a = new TensorSlice(0, 0, 0, 4);
    var b = new TensorSlice(0, 1, 0, 6);
    assertThat(FragmentMap.checked(schema, List.of(List.of(b), List.of(a))).size()).isEqualTo(2);
    refused(schema, List.of(List.of(a)), "b from element 0 not in a fragment");
    refused(schema, List.of(List.of(b)), "a from element 0 not in a fragment");
    refused(schema, List.of(List.of(a, b), List.of(b)), "b from element 0 again in a fragment");
    refused(
        schema,
        List.of(List.of(a), List.of(new TensorSlice(0, 1, 0, 4))),
        "b from element 4 not in a fragment");
    refused(
        schema,
        List.of(List.of(a, new TensorSlice(0, 1, 0, 4)), List.of(new TensorSlice(0, 1, 2, 4))),
        "b from element 2 again in a fragment");
    refused(schema, List.of(List.of(a, b, new TensorSlice(0, 2, 0, 1))), "found tensor 2");
  }

  private static void refused(ModelSchema schema, List<List<TensorSlice>> cut, String text) {
    assertThatThrownBy(() -> FragmentMap.checked(schema, cut))
        .isInstanceOf(TributaryException.class)
        .hasMessageStartingWith("fragment map: expected ")
        .hasMessageContaining(text);
  }
}
