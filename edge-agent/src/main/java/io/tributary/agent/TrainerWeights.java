package io.tributary.agent;

import io.tributary.agent.trainer.Trainer;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.ArrayRows;
import io.tributary.tensor.RowMatrix;
import io.tributary.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A trainer's local values as a file of weights, for whatever writes such files. Rows are copies of
 * the values at the moment they are asked for. For the trainer's thread; closing it leaves the
 * trainer as it is.
 */
final class TrainerWeights implements WeightFile {
  private static final String FLOAT32 = "F32";

  private final Trainer trainer;
  private final Map<String, String> metadata;
  private final List<WeightTensor> tensors = new ArrayList<>();

  /**
   * A view of a trainer.
   *
   * @param metadata what else is to be said of the model, as text
   */
  TrainerWeights(Trainer trainer, Map<String, String> metadata) {
    this.trainer = trainer;
    this.metadata = Map.copyOf(metadata);
    for (TensorSpec tensor : trainer.schema().tensors()) {
      List<Long> shape = tensor.shape().stream().map(Integer::longValue).toList();
      long bytes = (long) Float.BYTES * tensor.elements();
      tensors.add(new WeightTensor(tensor.name(), FLOAT32, shape, bytes));
    }
  }

  @Override
  public List<WeightTensor> tensors() {
    return List.copyOf(tensors);
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public RowMatrix rows(String name) {
    for (int i = 0; i < tensors.size(); i++) {
      WeightTensor tensor = tensors.get(i);
      if (tensor.name().equals(name)) {
        var values = new float[Math.toIntExact(tensor.elements())];
        trainer.read(i, values, 0);
        return new ArrayRows(values, Math.toIntExact(tensor.width()));
      }
    }
    throw new TributaryException(ErrorCode.STORAGE, "the model has no tensor " + name);
  }

  @Override
  public void close() {}
}
