package io.tributary.file.onnx;

import io.tributary.file.ProtobufFields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the initializers of a model. */
final class OnnxInitializers {
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int TENSOR_EXTENTS = 1;
  private static final int TENSOR_TYPE = 2;
  private static final int TENSOR_FLOATS = 4;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_RAW = 9;
  private static final int MOST_TENSORS = 1 << 16;
  private static final int MOST_EXTENTS = 16;
  private static final int LONGEST_NAME = 1 << 10;

  private final ProtobufFields fields;
  private final List<OnnxTensor> found = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private OnnxInitializers(ProtobufFields fields) {
    this.fields = fields;
  }

  /**
   * Walks over a model.
   *
   * @throws io.tributary.error.MalformedInputException {@code STORAGE} if it isn't one
   */
  static List<OnnxTensor> find(ProtobufFields fields) {
    return new OnnxInitializers(fields).walk();
  }

  private List<OnnxTensor> walk() {
    long end = fields.size();
    boolean graphs = false;
    while (fields.next(end)) {
      if (fields.field() == MODEL_GRAPH && fields.hasLength()) {
        graph(fields.enter(end));
        graphs = true;
      } else {
        fields.skip(end);
      }
    }
    if (!graphs) {
      throw fields.malformed(0, "expected a model of ONNX with a graph, found no graph");
    }
    return found;
  }

  private void graph(long end) {
    while (fields.next(end)) {
      if (fields.field() == GRAPH_INITIALIZER) {
        tensor(fields.enter(end));
      } else {
        fields.skip(end);
      }
    }
  }

  private void tensor(long end) {
    long begin = fields.at();
    var shape = new ArrayList<Long>();
    String name = "";
    long type = 0;
    long dataAt = 0;
    long dataSize = 0;
    while (fields.next(end)) {
      switch (fields.field()) {
        case TENSOR_EXTENTS -> extents(shape, end);
        case TENSOR_TYPE -> type = fields.number(end);
        case TENSOR_NAME -> name = fields.text(end, LONGEST_NAME);
        case TENSOR_RAW, TENSOR_FLOATS -> {
          if (fields.hasLength()) {
            long dataEnd = fields.enter(end);
            dataAt = fields.at();
            dataSize = dataEnd - dataAt;
            fields.leave(dataEnd);
          } else {
            fields.skip(end);
          }
        }
        default -> fields.skip(end);
      }
    }
    if (found.size() == MOST_TENSORS) {
      throw fields.malformed(begin, "expected at most " + MOST_TENSORS + " initializers");
    }
    if (name.isEmpty() || !names.add(name)) {
      throw fields.malformed(begin, "expected a name for each initializer, found '" + name + "'");
    }
    int typeNumber = (int) Math.max(0, Math.min(type, Integer.MAX_VALUE));
    var tensor = new OnnxTensor(name, typeNumber, shape, dataAt, dataSize);
    checkSize(tensor, begin);
    found.add(tensor);
  }

  private void extents(List<Long> shape, long end) {
    if (!fields.hasLength()) {
      extent(shape, fields.number(end));
      return;
    }
    long packedEnd = fields.enter(end);
    while (fields.at() < packedEnd) {
      extent(shape, fields.packed(packedEnd));
    }
  }

  private void extent(List<Long> shape, long extent) {
    if (extent < 0 || shape.size() == MOST_EXTENTS) {
      throw fields.malformed(
          fields.at(), "expected at most " + MOST_EXTENTS + " extents from 0 on, found " + extent);
    }
    shape.add(extent);
  }

  /** Values that are here must be as many as the extents say; their number fits a long. */
  private void checkSize(OnnxTensor tensor, long at) {
    long elements = 1;
    try {
      for (long extent : tensor.shape()) {
        elements = Math.multiplyExact(elements, extent);
      }
      elements = Math.multiplyExact(elements, Math.max(1, tensor.elementBytes()));
    } catch (ArithmeticException e) {
      throw fields.malformed(at, "expected fewer than 2^63 bytes, found shape " + tensor.shape());
    }
    boolean readable = tensor.elementBytes() > 0 && tensor.size() > 0;
    if (readable && elements != tensor.size()) {
      throw fields.malformed(
          at,
          "expected "
              + elements
              + " bytes of initializer "
              + tensor.name()
              + " "
              + tensor.shape()
              + ", found "
              + tensor.size());
    }
  }
}
