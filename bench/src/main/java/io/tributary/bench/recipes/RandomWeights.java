package io.tributary.bench.recipes;

import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * Matrices of normally distributed weights of any total size, which take no memory: each row is a
 * piece of one table, and no two that are near begin at the same place.
 */
final class RandomWeights implements WeightFile {
  /** Values in a row: as in a model of a few billion weights, and whole blocks of all types. */
  static final int WIDTH = 4096;

  private static final int MOST_ROWS = 4096;
  private static final int TABLE = 1 << 20;
  private static final int STEP = 7919;
  private static final float DEVIATION = 0.02f;

  private final float[] table = new float[TABLE + WIDTH];
  private final List<WeightTensor> tensors = new ArrayList<>();

  /** Weights of so many bytes as float32, up to whole rows. */
  RandomWeights(long bytes, long seed) {
    var random = new Random(seed);
    for (int i = 0; i < table.length; i++) {
      table[i] = DEVIATION * (float) random.nextGaussian();
    }
    long rows = Math.max(1, bytes / (Float.BYTES * WIDTH));
    for (long done = 0; done < rows; done += MOST_ROWS) {
      long taken = Math.min(MOST_ROWS, rows - done);
      tensors.add(
          new WeightTensor(
              "layers." + tensors.size() + ".weight",
              "F32",
              List.of(taken, (long) WIDTH),
              taken * WIDTH * Float.BYTES));
    }
  }

  @Override
  public List<WeightTensor> tensors() {
    return List.copyOf(tensors);
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public RowMatrix rows(String name) {
    for (int i = 0; i < tensors.size(); i++) {
      if (tensors.get(i).name().equals(name)) {
        return new Rows(tensors.get(i).shape().get(0), (long) i * MOST_ROWS);
      }
    }
    throw new IllegalArgumentException(name);
  }

  private final class Rows implements RowMatrix {
    private final long rows;
    private final long before;

    Rows(long rows, long before) {
      this.rows = rows;
      this.before = before;
    }

    @Override
    public long rows() {
      return rows;
    }

    @Override
    public int width() {
      return WIDTH;
    }

    @Override
    public void read(long first, int count, float[] target, int at) {
      Objects.checkFromIndexSize(first, count, rows);
      for (int i = 0; i < count; i++) {
        int from = (int) ((before + first + i) * STEP % TABLE);
        System.arraycopy(table, from, target, at + i * WIDTH, WIDTH);
      }
    }
  }

  @Override
  public void close() {
    // There is nothing open.
  }
}
