package io.tributary.file.tensorbundle;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.MappedBytes;
import io.tributary.file.ValueBlocks;
import io.tributary.tensor.RowMatrix;
import java.util.Objects;

/**
 * A linear map that lies in a file with a row for each input, shown with a row for each output.
 * Safe for any thread.
 */
final class KernelRows implements RowMatrix {
  private static final int LONGEST_ROW = Integer.MAX_VALUE - 8;

  private final MappedBytes file;
  private final long begin;
  private final ValueBlocks values;
  private final int inputs;
  private final long outputs;

  /**
   * The rows of a tensor that lies inside the file, its values one by one.
   *
   * @throws TributaryException {@code STORAGE} if it is empty or has more inputs than an array
   */
  KernelRows(MappedBytes file, BundleTensor tensor, ValueBlocks values) {
    long width = tensor.shape().get(0);
    outputs = tensor.shape().get(1);
    if (width < 1 || width > LONGEST_ROW || outputs < 1) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          file.path()
              + ", tensor "
              + tensor.name()
              + ": expected 1 to "
              + LONGEST_ROW
              + " inputs and an output, found shape "
              + tensor.shape());
    }
    this.file = file;
    begin = tensor.begin();
    this.values = values;
    inputs = (int) width;
  }

  @Override
  public long rows() {
    return outputs;
  }

  @Override
  public int width() {
    return inputs;
  }

  @Override
  public void read(long first, int count, float[] target, int at) {
    Objects.checkFromIndexSize(first, count, outputs);
    Objects.checkFromIndexSize(at, Math.multiplyExact(count, inputs), target.length);
    int step = values.blockBytes();
    var bytes = new byte[Math.multiplyExact(count, step)];
    var some = new float[count];
    for (int input = 0; input < inputs; input++) {
      file.read(begin + (input * outputs + first) * step, bytes, 0, bytes.length);
      values.decode(bytes, 0, count, some, 0);
      for (int row = 0; row < count; row++) {
        target[at + row * inputs + input] = some[row];
      }
    }
  }
}
