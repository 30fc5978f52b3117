package io.tributary.weights.model;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The extents of a model.
 *
 * @param dim its width
 * @param hidden the width of its feed-forward layers
 * @param layers how many there are
 * @param heads of queries
 * @param kvHeads of keys and values, a divisor of {@code heads}
 * @param vocabulary the number of tokens
 * @param context the longest sequence
 * @param ropeBase of the rotary positions
 * @param epsilon of the norms
 */
record LlamaShape(
    int dim,
    int hidden,
    int layers,
    int heads,
    int kvHeads,
    int vocabulary,
    int context,
    double ropeBase,
    double epsilon) {
  private static final int MOST = 1 << 24;
  private static final int MOST_LAYERS = 1 << 12;

  /** The width of a head. */
  int headWidth() {
    return dim / heads;
  }

  /** The width of keys and values. */
  int kvWidth() {
    return headWidth() * kvHeads;
  }

  /**
   * What a file's tensors and metadata say.
   *
   * @throws TributaryException {@code STORAGE} if they say too little, or not the same
   */
  static LlamaShape of(WeightFile file, LlamaNames names) {
    var reader = new Reader(file);
    int[] embedding = reader.matrix(names.embedding());
    int layers = 0;
    while (layers < MOST_LAYERS && reader.tensors.containsKey(names.of(layers, LlamaPart.GATE))) {
      layers++;
    }
    int heads = reader.number(names.heads(), null, embedding[1]);
    var shape =
        new LlamaShape(
            embedding[1],
            reader.matrix(names.of(0, LlamaPart.GATE))[0],
            layers,
            heads,
            reader.number(names.kvHeads(), heads, heads),
            embedding[0],
            reader.number(names.context(), null, MOST),
            reader.decimal("llama.rope.freq_base", 10_000),
            reader.decimal("llama.attention.layer_norm_rms_epsilon", 1e-5));
    if (shape.dim % heads != 0 || shape.headWidth() % 2 != 0 || heads % shape.kvHeads != 0) {
      throw broken(
          "expected heads of an even width, queries' a multiple of keys', found "
              + heads
              + " and "
              + shape.kvHeads
              + " heads in a width of "
              + shape.dim);
    }
    return shape;
  }

  private static TributaryException broken(String what) {
    return new TributaryException(ErrorCode.STORAGE, "model: " + what);
  }

  private static final class Reader {
    private final Map<String, WeightTensor> tensors;
    private final Map<String, String> metadata;

    Reader(WeightFile file) {
      tensors =
          file.tensors().stream()
              .collect(Collectors.toMap(WeightTensor::name, Function.identity()));
      metadata = file.metadata();
    }

    int[] matrix(String name) {
      WeightTensor tensor = tensors.get(name);
      if (tensor == null || tensor.shape().size() != 2) {
        throw broken("expected a matrix " + name + ", found " + tensor);
      }
      long rows = tensor.shape().get(0);
      long width = tensor.shape().get(1);
      if (Math.min(rows, width) < 1 || Math.max(rows, width) > MOST) {
        throw broken("tensor " + name + ": expected extents to " + MOST + ", found " + tensor);
      }
      return new int[] {(int) rows, (int) width};
    }

    int number(String key, @Nullable Integer otherwise, int most) {
      String text = metadata.get(key);
      if (text == null && otherwise != null) {
        return otherwise;
      }
      try {
        int number = Integer.parseInt(String.valueOf(text));
        if (number >= 1 && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw broken("metadata " + key + ": expected 1 to " + most + ", found " + text);
    }

    double decimal(String key, double otherwise) {
      String text = metadata.get(key);
      if (text == null) {
        return otherwise;
      }
      try {
        double number = Double.parseDouble(text);
        if (number > 0 && number < 1e12) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw broken("metadata " + key + ": expected a positive number, found " + text);
    }
  }
}
