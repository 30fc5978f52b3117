package io.tributary.run;

import io.tributary.error.Errors;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cuts a model into fragments: its layers in strides or in sequence, and what belongs to no layer
 * (embeddings, the last norm) in a base fragment behind them. A base that is larger than the
 * largest fragment of layers would set the peak of the link; it is cut into as many pieces as it
 * takes, between rows. With P = 1 there is no base: the whole model is exchanged at once, as in
 * DiLoCo.
 *
 * <p>Every element is in exactly one fragment. A tied tensor stands in a {@link ModelSchema} once,
 * so no two fragments can hold it. Immutable.
 */
public final class FragmentMap {
  private final List<Fragment> fragments;

  private FragmentMap(List<Fragment> fragments) {
    this.fragments = List.copyOf(fragments);
  }

  /**
   * The map of a model.
   *
   * @param layerFragments P, the number of fragments that the layers are dealt to
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if there are fewer layers
   *     than fragments
   */
  public static FragmentMap of(ModelSchema schema, FragmentOrder order, int layerFragments) {
    List<TensorSpec> tensors = schema.tensors();
    int[] layers =
        tensors.stream().mapToInt(TensorSpec::layer).filter(l -> l >= 0).distinct().toArray();
    java.util.Arrays.sort(layers);
    if (layerFragments < 1 || layerFragments > Math.max(1, layers.length)) {
      throw Errors.invalidSetting(
          "fragments", layerFragments, "1 to the model's number of layers, " + layers.length);
    }
    List<List<TensorSlice>> cut = new ArrayList<>();
    if (layerFragments == 1) {
      cut.add(whole(tensors, IntStream.range(0, tensors.size()).toArray()));
      return checked(schema, cut);
    }
    for (int p = 0; p < layerFragments; p++) {
      int fragment = p;
      cut.add(
          whole(
              tensors,
              IntStream.range(0, tensors.size())
                  .filter(
                      t -> {
                        int layer = tensors.get(t).layer();
                        return layer >= 0
                            && fragmentOf(layer, layers, order, layerFragments) == fragment;
                      })
                  .toArray()));
    }
    cut.removeIf(List::isEmpty);
    long peak = cut.stream().mapToLong(FragmentMap::elements).max().orElseThrow();
    int[] base =
        IntStream.range(0, tensors.size()).filter(t -> tensors.get(t).layer() < 0).toArray();
    cut.addAll(inPieces(tensors, whole(tensors, base), peak));
    return checked(schema, cut);
  }

  /** The strided map. */
  public static FragmentMap strided(ModelSchema schema, int layerFragments) {
    return of(schema, FragmentOrder.STRIDED, layerFragments);
  }

  private static int fragmentOf(int layer, int[] layers, FragmentOrder order, int count) {
    return switch (order) {
      case STRIDED -> layer % count;
      case SEQUENTIAL ->
          (int) ((long) java.util.Arrays.binarySearch(layers, layer) * count / layers.length);
    };
  }

  private static List<TensorSlice> whole(List<TensorSpec> tensors, int[] members) {
    var slices = new ArrayList<TensorSlice>();
    for (int tensor : members) {
      slices.add(new TensorSlice(0, tensor, 0, tensors.get(tensor).elements()));
    }
    return slices;
  }

  private static long elements(List<TensorSlice> slices) {
    return slices.stream().mapToLong(TensorSlice::count).sum();
  }

  /** Cuts slices, in order, into lists of about equal size, at most a row above {@code most}. */
  private static List<List<TensorSlice>> inPieces(
      List<TensorSpec> tensors, List<TensorSlice> slices, long most) {
    List<List<TensorSlice>> pieces = new ArrayList<>();
    long left = elements(slices);
    List<TensorSlice> piece = new ArrayList<>();
    long room = share(left, most);
    for (TensorSlice slice : slices) {
      int row = slice.count() / tensors.get(slice.tensor()).shape().get(0);
      int first = 0;
      while (first < slice.count()) {
        long rows = (room + row - 1) / row * row;
        if (elements(piece) + rows > most && rows > row) {
          rows -= row; // a row more would be too much, unless it is the only one
        }
        int taken = (int) Math.min(rows, slice.count() - first);
        piece.add(new TensorSlice(0, slice.tensor(), first, taken));
        first += taken;
        room -= taken;
        left -= taken;
        if (room <= 0 || first < slice.count()) {
          pieces.add(piece);
          piece = new ArrayList<>();
          room = share(left, most);
        }
      }
    }
    return pieces;
  }

  /** What the next piece takes of what is left, so that all are about as large. */
  private static long share(long left, long most) {
    long pieces = (left + most - 1) / most;
    return pieces == 0 ? 0 : (left + pieces - 1) / pieces;
  }

  /**
   * Makes a map of lists of slices, each list a fragment; the indices of the slices don't matter.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} with the tensor's name if
   *     an element is missing or given twice
   */
  static FragmentMap checked(ModelSchema schema, List<List<TensorSlice>> cut) {
    var fragments = new ArrayList<Fragment>();
    var all = new ArrayList<TensorSlice>();
    for (List<TensorSlice> list : cut) {
      var slices = new ArrayList<TensorSlice>();
      for (TensorSlice s : list) {
        slices.add(new TensorSlice(all.size() + slices.size(), s.tensor(), s.first(), s.count()));
      }
      all.addAll(slices);
      fragments.add(new Fragment(fragments.size(), slices));
    }
    all.sort(Comparator.comparingInt(TensorSlice::tensor).thenComparingInt(TensorSlice::first));
    int next = 0;
    for (int t = 0; t < schema.tensors().size(); t++) {
      TensorSpec tensor = schema.tensors().get(t);
      int covered = 0;
      while (next < all.size() && all.get(next).tensor() == t) {
        TensorSlice slice = all.get(next++);
        if (slice.first() != covered || slice.count() < 1) {
          throw notOnce(
              tensor, Math.min(covered, slice.first()), slice.first() < covered ? "again" : "not");
        }
        covered = Math.addExact(covered, slice.count());
      }
      if (covered != tensor.elements()) {
        throw notOnce(tensor, Math.min(covered, tensor.elements()), "not");
      }
    }
    if (next != all.size()) {
      throw Errors.invalidSetting(
          "fragment map",
          "tensor " + all.get(next).tensor(),
          "the model's " + schema.tensors().size() + " tensors");
    }
    return new FragmentMap(fragments);
  }

  private static RuntimeException notOnce(TensorSpec tensor, int element, String how) {
    return Errors.invalidSetting(
        "fragment map",
        tensor.name() + " from element " + element + " " + how + " in a fragment",
        "every element of every tensor in exactly one");
  }

  /** The fragments in order; the pieces of the base, if there is one, are the last. */
  public List<Fragment> fragments() {
    return fragments;
  }

  /** The slices of all fragments in order; each stands at its {@link TensorSlice#index}. */
  public List<TensorSlice> slices() {
    return fragments.stream().flatMap(f -> f.slices().stream()).toList();
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
