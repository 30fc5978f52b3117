package io.tributary.run;

import io.tributary.error.Errors;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cuts a model into fragments, strided (section 3.1 of the paper): layer {@code l} goes to fragment
 * {@code l mod P}. What belongs to no layer (embeddings, the last norm) forms a base fragment of
 * its own behind them. With P = 1 there is no base: the whole model is exchanged at once, as in
 * DiLoCo. Every tensor is in exactly one fragment. Immutable.
 */
public final class FragmentMap {
  private final List<Fragment> fragments;

  private FragmentMap(List<Fragment> fragments) {
    this.fragments = List.copyOf(fragments);
  }

  /**
   * The strided map with {@code layerFragments} fragments of layers and, if the model has tensors
   * outside its layers, one base fragment; with one fragment, that of the whole model.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if there are fewer layers
   *     than fragments
   */
  public static FragmentMap strided(ModelSchema schema, int layerFragments) {
    long layers =
        schema.tensors().stream()
            .mapToInt(TensorSpec::layer)
            .filter(l -> l >= 0)
            .distinct()
            .count();
    if (layerFragments < 1 || layerFragments > Math.max(1, layers)) {
      throw Errors.invalidSetting(
          "fragments", layerFragments, "1 to the model's number of layers, " + layers);
    }
    var fragments = new ArrayList<Fragment>();
    if (layerFragments == 1) {
      add(fragments, schema, spec -> true);
      return new FragmentMap(fragments);
    }
    for (int p = 0; p < layerFragments; p++) {
      int fragment = p;
      add(
          fragments,
          schema,
          spec -> spec.layer() >= 0 && spec.layer() % layerFragments == fragment);
    }
    add(fragments, schema, spec -> spec.layer() < 0);
    return new FragmentMap(fragments);
  }

  private static void add(
      List<Fragment> fragments,
      ModelSchema schema,
      java.util.function.Predicate<TensorSpec> member) {
    List<TensorSpec> all = schema.tensors();
    List<Integer> tensors =
        IntStream.range(0, all.size()).filter(i -> member.test(all.get(i))).boxed().toList();
    if (!tensors.isEmpty()) {
      long elements = tensors.stream().mapToLong(i -> all.get(i).elements()).sum();
      fragments.add(new Fragment(fragments.size(), tensors, elements));
    }
  }

  /** The fragments in order; the base fragment, if any, is the last. */
  public List<Fragment> fragments() {
    return fragments;
  }

  /** The fragment with the given index. */
  public Fragment fragment(int index) {
    return fragments.get(index);
  }

  /** The number of fragments. */
  public int size() {
    return fragments.size();
  }
}
