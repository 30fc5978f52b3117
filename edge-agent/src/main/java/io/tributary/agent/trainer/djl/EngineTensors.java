package io.tributary.agent.trainer.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.tributary.agent.trainer.FlatLayout;
import java.nio.ByteOrder;
import java.util.concurrent.locks.ReentrantLock;

/** The way of parameters and gradients between Java's arrays and the engine's. */
final class EngineTensors {
  /** DJL allows one gradient collector a process, so trainers in one process take turns. */
  static final ReentrantLock COLLECTING = new ReentrantLock();

  private EngineTensors() {}

  /** The tensors of a layout in the engine's memory. */
  static NDList toEngine(
      NDManager scope, FlatLayout layout, float[] parameters, boolean withGradient) {
    int count = layout.schema().tensors().size();
    var tensors = new NDList(count);
    for (int t = 0; t < count; t++) {
      long[] extents =
          layout.schema().tensors().get(t).shape().stream().mapToLong(Integer::longValue).toArray();
      tensors.add(
          toEngine(
              scope,
              new Shape(extents),
              parameters,
              layout.offset(t),
              layout.elements(t),
              withGradient));
    }
    return tensors;
  }

  /** One tensor in the engine's memory. */
  static NDArray toEngine(
      NDManager scope, Shape shape, float[] values, int from, int count, boolean withGradient) {
    // Memory of the engine's own: it's aligned alike in every process, on which the order of sums
    // in its matrix products, and so the last bit, may depend.
    NDArray tensor = scope.create(shape, DataType.FLOAT32);
    tensor
        .toByteBuffer(true)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer()
        .put(values, from, count);
    if (withGradient) {
      tensor.setRequiresGradient(true);
    }
    return tensor;
  }

  /** Copies the gradients of a layout's tensors. */
  static void readGradients(NDList tensors, FlatLayout layout, float[] gradients) {
    for (int t = 0; t < tensors.size(); t++) {
      read(tensors.get(t).getGradient(), gradients, layout.offset(t), layout.elements(t));
    }
  }

  /** Copies a tensor's values. */
  static void read(NDArray tensor, float[] into, int at, int count) {
    tensor.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer().get(into, at, count);
  }
}
