package io.tributary.weights.compress;

import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.ArrayRows;
import io.tributary.tensor.RowMatrix;
import io.tributary.weights.file.TribTensor;
import io.tributary.weights.file.TribWriter;
import io.tributary.weights.pack.RowLayout;
import io.tributary.weights.recipe.EncodedMatrix;
import io.tributary.weights.recipe.PlainRecipe;
import io.tributary.weights.recipe.Recipe;
import io.tributary.weights.transform.RowTransform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * Turns a file of weights into a {@code .trib} file. Memory holds the blocks that are under way
 * and, for a recipe that needs it, one whole matrix. For one thread; the tools' workers do the
 * work.
 */
public final class ModelCompressor {
  /** Values of a block, about: enough to make its own costs small, few enough to seek by. */
  private static final int BLOCK_VALUES = 1 << 16;

  private final Recipe.Tools tools;
  private final Set<String> judged;
  private final Consumer<TensorReport> progress;

  /**
   * A compressor.
   *
   * @param tools for the recipes
   * @param judged the tensors whose inputs the tools' Hessians know, so that proxy losses are told
   * @param progress hears of each tensor when it is done
   */
  public ModelCompressor(Recipe.Tools tools, Set<String> judged, Consumer<TensorReport> progress) {
    this.tools = tools;
    this.judged = Set.copyOf(judged);
    this.progress = progress;
  }

  /**
   * Compresses a model into a file.
   *
   * @param target where the file goes, whole or not at all
   * @throws io.tributary.error.TributaryException {@code STORAGE} if the target can't be written,
   *     and what recipes throw
   */
  public ModelReport compress(WeightFile source, RecipePolicy policy, Path target) {
    try (TribWriter writer = TribWriter.create(target, false)) {
      return compress(source, policy::choose, policy.toString(), writer);
    }
  }

  /**
   * Compresses a model and finishes its file.
   *
   * @param choice the recipe of each tensor
   * @param policy what the choice follows, for people
   */
  public ModelReport compress(
      WeightFile source, Function<WeightTensor, Recipe> choice, String policy, TribWriter writer) {
    Map<String, String> metadata = new LinkedHashMap<>(source.metadata());
    metadata.put("tributary.policy", policy);
    var reports = new ArrayList<TensorReport>();
    for (WeightTensor tensor : source.tensors()) {
      TensorReport report =
          encode(source, tensor, choice.apply(tensor), writer::begin, writer::block);
      reports.add(report);
      progress.accept(report);
    }
    return new ModelReport(writer.finish(metadata), reports);
  }

  /** What a recipe would make of a tensor. */
  public TensorReport measure(WeightFile source, WeightTensor tensor, Recipe recipe) {
    return encode(source, tensor, recipe, begun -> {}, block -> {});
  }

  private TensorReport encode(
      WeightFile source,
      WeightTensor tensor,
      Recipe recipe,
      Consumer<TribTensor> begin,
      Consumer<byte[]> taker) {
    RowMatrix matrix =
        tensor.elements() == 0 ? new ArrayRows(new float[0], 1) : source.rows(tensor.name());
    EncodedMatrix encoded = recipe.encode(tensor.name(), matrix, tools);
    int multiple = encoded.rowMultiple();
    int wanted = Math.max(1, BLOCK_VALUES / matrix.width());
    var placed =
        new TribTensor(
            tensor.name(),
            tensor.type(),
            recipe.toString(),
            tensor.shape(),
            (wanted + multiple - 1) / multiple * multiple,
            encoded.layout(),
            encoded.transforms());
    begin.accept(placed);
    boolean known = judged.contains(tensor.name()) && !(recipe instanceof PlainRecipe);
    var loss = new BlockLoss(known ? tools.hessians().of(tensor.name(), matrix.width()) : null);
    long[] bytes = {sideBytes(placed)};
    Iterable<Callable<byte[]>> blocks =
        () ->
            LongStream.range(0, placed.blocks())
                .<Callable<byte[]>>mapToObj(
                    block -> () -> block(placed, matrix, encoded, block, loss))
                .iterator();
    tools
        .workers()
        .inOrder(
            blocks,
            block -> {
              bytes[0] += block.length;
              taker.accept(block);
            });
    return new TensorReport(
        tensor.name(),
        recipe.toString(),
        describe(placed),
        tensor.shape(),
        tensor.elements(),
        bytes[0],
        tensor.elements() == 0 ? 0 : 8.0 * bytes[0] / tensor.elements(),
        loss.weightError(),
        loss.proxyLoss());
  }

  private static String describe(TribTensor tensor) {
    var text = new StringBuilder(tensor.layout().toString());
    for (RowTransform transform : tensor.transforms()) {
      text.append(' ').append(transform);
    }
    return text.toString();
  }

  private static long sideBytes(TribTensor tensor) {
    long bytes = tensor.layout().side().length;
    for (RowTransform transform : tensor.transforms()) {
      bytes += transform.side().length;
    }
    return bytes;
  }

  /** Encodes a block, decodes it as a reader will, and adds up what was lost. */
  private static byte[] block(
      TribTensor tensor, RowMatrix matrix, EncodedMatrix encoded, long block, BlockLoss loss) {
    long first = block * tensor.blockRows();
    int rows = tensor.rowsOf(block);
    var values = new float[rows * tensor.width()];
    matrix.read(first, rows, values, 0);
    byte[] bytes = encoded.block(first, rows, values);
    var decoded = new float[values.length];
    RowLayout layout = tensor.layout();
    layout.unpack(bytes, rows, tensor.width(), decoded, 0);
    List<RowTransform> transforms = tensor.transforms();
    for (int i = transforms.size() - 1; i >= 0; i--) {
      transforms.get(i).undo(decoded, 0, rows, tensor.width());
    }
    loss.add(block, rows, values, decoded);
    return bytes;
  }
}
