package io.tributary.bench.codecs;

import io.tributary.codec.CodecId;
import io.tributary.codec.TensorCodec;
import java.util.Arrays;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.quantization.ScalarQuantizer;

/**
 * A rival: Lucene's scalar quantizer of 7 bits, one interval for all values, one byte a value. Rows
 * of 1024; the correction that it computes for each row belongs to its search and isn't stored.
 * Lucene doesn't offer its decoder: this one says the same. For one thread; trusts its own bytes.
 */
final class LuceneScalarCodec implements TensorCodec {
  private static final CodecId ID = new CodecId(0xFF03, "lucene7", 1, 1);
  private static final int ROW = 1024;
  private static final byte BITS = 7;
  private static final int LARGEST_CODE = (1 << BITS) - 1;

  /** Lucene leaves so large a share outside of the interval at this length of rows. */
  private static final double OUTSIDE = 1.0 / (ROW + 1);

  private final ScalarQuantizer quantizer;
  private final float[] row = new float[ROW];
  private final byte[] codes = new byte[ROW];
  private float corrections;

  LuceneScalarCodec(float[] sample) {
    float[] sorted = sample.clone();
    Arrays.sort(sorted);
    int outside = (int) (sorted.length * OUTSIDE / 2);
    quantizer = new ScalarQuantizer(sorted[outside], sorted[sorted.length - 1 - outside], BITS);
  }

  @Override
  public CodecId id() {
    return ID;
  }

  @Override
  public int blockElements() {
    return ROW;
  }

  @Override
  public int maxEncodedLength(int elements) {
    return elements;
  }

  @Override
  public int encode(float[] source, int from, int count, byte[] target, int at) {
    for (int i = 0; i < count; i += ROW) {
      int length = Math.min(ROW, count - i);
      System.arraycopy(source, from + i, row, 0, length);
      // Kept, so that the compiler can't leave its computation out.
      corrections += quantizer.quantize(row, codes, VectorSimilarityFunction.DOT_PRODUCT);
      System.arraycopy(codes, 0, target, at + i, length);
    }
    return count;
  }

  @Override
  public void decode(byte[] source, int at, int length, int count, float[] target, int from) {
    float least = quantizer.getLowerQuantile();
    float step = (quantizer.getUpperQuantile() - least) / LARGEST_CODE;
    for (int i = 0; i < count; i++) {
      target[from + i] = source[at + i] * step + least;
    }
  }

  @Override
  public void accumulate(byte[] source, int at, int length, int count, float[] target, int from) {
    float least = quantizer.getLowerQuantile();
    float step = (quantizer.getUpperQuantile() - least) / LARGEST_CODE;
    for (int i = 0; i < count; i++) {
      target[from + i] += source[at + i] * step + least;
    }
  }

  @Override
  public String toString() {
    return ID + ", corrections " + corrections;
  }
}
