package io.tributary.weights.recipe;

import io.tributary.tensor.RowMatrix;
import io.tributary.weights.PartText;
import io.tributary.weights.pack.PlainLayout;
import io.tributary.weights.pack.RowLayout;
import io.tributary.weights.pack.ScaleType;
import org.jspecify.annotations.Nullable;

/**
 * {@code plain}: the values as they are, in the shortest number type that loses nothing; {@code
 * plain,type=f16}: in that type, rounded if need be.
 */
public final class PlainRecipe implements Recipe {
  /** The recipe's name. */
  public static final String NAME = PlainLayout.NAME;

  private static final int VALUES = 1 << 16;

  private final @Nullable ScaleType type;

  /** The recipe that loses nothing. */
  public PlainRecipe() {
    this(null);
  }

  private PlainRecipe(@Nullable ScaleType type) {
    this.type = type;
  }

  static PlainRecipe read(PartText text) {
    boolean typed = text.toString().contains(",type=");
    ScaleType type = text.choice("type", ScaleType.F32);
    text.end();
    return new PlainRecipe(typed ? type : null);
  }

  @Override
  public EncodedMatrix encode(String tensor, RowMatrix matrix, Tools tools) {
    var layout = new PlainLayout(type == null ? shortest(matrix) : type);
    return new EncodedMatrix() {
      @Override
      public RowLayout layout() {
        return layout;
      }

      @Override
      public byte[] block(long first, int count, float[] values) {
        return layout.pack(values, 0, values.length);
      }
    };
  }

  private static ScaleType shortest(RowMatrix matrix) {
    int rows = Math.max(1, VALUES / matrix.width());
    boolean bf16 = true;
    boolean f16 = true;
    var values = new float[rows * matrix.width()];
    for (long first = 0; first < matrix.rows() && (bf16 || f16); first += rows) {
      int count = (int) Math.min(rows, matrix.rows() - first);
      matrix.read(first, count, values, 0);
      for (int i = 0; i < count * matrix.width(); i++) {
        bf16 &= isSame(ScaleType.BF16.round(values[i]), values[i]);
        f16 &= isSame(ScaleType.F16.round(values[i]), values[i]);
      }
    }
    return bf16 ? ScaleType.BF16 : f16 ? ScaleType.F16 : ScaleType.F32;
  }

  private static boolean isSame(float a, float b) {
    return Float.floatToRawIntBits(a) == Float.floatToRawIntBits(b);
  }

  @Override
  public String toString() {
    return type == null ? NAME : NAME + ",type=" + PartText.text(type);
  }
}
