package io.tributary.weights.recipe;

import io.tributary.file.gguf.GgmlType;
import io.tributary.tensor.RowMatrix;
import io.tributary.weights.PartText;
import io.tributary.weights.WeightMatrix;
import io.tributary.weights.ggml.BlockEncoder;
import io.tributary.weights.pack.GgmlLayout;
import io.tributary.weights.pack.RowLayout;
import org.jspecify.annotations.Nullable;

/**
 * {@code q4_k}: one of ggml's block types. {@code inputs} weighs errors by the size of their
 * inputs, as an importance matrix does. Rows that aren't whole super-blocks of 256 get the nearest
 * type of 32; rows that aren't whole blocks of 32 either stay as they are. Both are said.
 */
public final class GgmlRecipe implements Recipe {
  private final GgmlType type;
  private final boolean weighed;

  private GgmlRecipe(GgmlType type, boolean weighed) {
    this.type = type;
    this.weighed = weighed;
  }

  static GgmlRecipe read(GgmlType type, PartText text) {
    if (text.isNumbered()) {
      throw text.refused(text.name() + " without a number");
    }
    boolean weighed = text.flag("inputs");
    text.end();
    return new GgmlRecipe(type, weighed);
  }

  @Override
  public boolean isCalibrated() {
    return weighed;
  }

  @Override
  public EncodedMatrix encode(String tensor, RowMatrix matrix, Tools tools) {
    int width = matrix.width();
    GgmlType fitting = fitting(tensor, width, tools);
    if (fitting == null) {
      return new PlainRecipe().encode(tensor, matrix, tools);
    }
    float[] importance = weighed ? importance(tools.hessians().of(tensor, width), width) : null;
    var layout = new GgmlLayout(fitting);
    return new EncodedMatrix() {
      @Override
      public RowLayout layout() {
        return layout;
      }

      @Override
      public byte[] block(long first, int count, float[] values) {
        WeightMatrix.checkFinite(tensor, values, first, matrix.width());
        return BlockEncoder.of(fitting).encode(values, 0, values.length, importance);
      }
    };
  }

  /** The type that a tensor gets, or null if its rows are no whole blocks of any. */
  private @Nullable GgmlType fitting(String tensor, int width, Tools tools) {
    if (width % type.blockValues() == 0) {
      return type;
    }
    GgmlType small =
        switch (type) {
          case Q5_K, Q6_K, Q8_0 -> GgmlType.Q8_0;
          default -> GgmlType.Q4_0;
        };
    boolean fits = width % small.blockValues() == 0;
    String instead =
        fits ? PartText.text(small) + " instead of " + PartText.text(type) : "it stays as it is";
    tools
        .notes()
        .accept(
            tensor
                + ": rows of "
                + width
                + " aren't whole blocks of "
                + (fits ? type : small).blockValues()
                + "; "
                + instead);
    return fits ? small : null;
  }

  /** The Hessian's diagonal, and a little for columns that were never seen. */
  private static float[] importance(double[] hessian, int width) {
    double mean = 0;
    for (int j = 0; j < width; j++) {
      mean += hessian[j * width + j] / width;
    }
    var importance = new float[width];
    for (int j = 0; j < width; j++) {
      importance[j] = (float) (hessian[j * width + j] / mean + 1e-6);
    }
    return importance;
  }

  @Override
  public String toString() {
    return PartText.text(type) + (weighed ? ",inputs" : "");
  }
}
