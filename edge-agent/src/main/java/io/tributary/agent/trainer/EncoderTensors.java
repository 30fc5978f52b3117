package io.tributary.agent.trainer;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** Takes an encoder's tensors from a file and checks their shapes. */
final class EncoderTensors {
  private final WeightFile file;
  private final Map<String, WeightTensor> tensors = new LinkedHashMap<>();

  EncoderTensors(WeightFile file) {
    this.file = file;
    for (WeightTensor tensor : file.tensors()) {
      tensors.put(tensor.name(), tensor);
    }
  }

  boolean has(String name) {
    return tensors.containsKey(name);
  }

  /** An extent of a matrix, 0 for its rows. */
  int extent(String name, int index) {
    WeightTensor tensor = require(name);
    if (tensor.shape().size() != 2 || tensor.shape().get(index) > Integer.MAX_VALUE) {
      throw broken(name, "a matrix", "shape " + tensor.shape());
    }
    return tensor.shape().get(index).intValue();
  }

  /** All values of a tensor of this shape. */
  float[] values(String name, int... shape) {
    WeightTensor tensor = require(name);
    var expected = new ArrayList<Long>();
    int elements = 1;
    for (int extent : shape) {
      expected.add((long) extent);
      elements = Math.multiplyExact(elements, extent);
    }
    if (!tensor.shape().equals(expected)) {
      throw broken(name, "shape " + expected, "shape " + tensor.shape());
    }
    RowMatrix rows = file.rows(name);
    var values = new float[elements];
    rows.read(0, Math.toIntExact(rows.rows()), values, 0);
    return values;
  }

  /**
   * What each position adds to its word: all tokens are of the first of two kinds, which is as good
   * as part of the position.
   */
  float[] positions(String positionTable, String kindTable, int width) {
    float[] positions = values(positionTable, extent(positionTable, 0), width);
    float[] kinds = values(kindTable, 2, width);
    for (int i = 0; i < positions.length; i++) {
      positions[i] += kinds[i % width];
    }
    return positions;
  }

  static float[] joined(float[]... parts) {
    int length = 0;
    for (float[] part : parts) {
      length += part.length;
    }
    var all = new float[length];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private WeightTensor require(String name) {
    WeightTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw broken("an encoder of BERT's kind", "a tensor " + name, "none of that name");
    }
    return tensor;
  }

  static TributaryException broken(String what, String expected, String found) {
    return new TributaryException(
        ErrorCode.STORAGE, what + ": expected " + expected + ", found " + found);
  }
}
