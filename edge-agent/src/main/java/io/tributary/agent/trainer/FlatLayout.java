package io.tributary.agent.trainer;

import io.tributary.error.Errors;
import io.tributary.tensor.InitialValues;
import io.tributary.tensor.ModelSchema;

/**
 * Where each tensor of a schema lies when all of them stand back to back in one {@code float[]}.
 *
 * <p>Immutable, safe for any thread.
 */
public final class FlatLayout {
  private final ModelSchema schema;
  private final int[] offsets;

  /**
   * The layout of {@code schema}, in its order and without gaps.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if the parameters don't
   *     fit in one array
   */
  public FlatLayout(ModelSchema schema) {
    if (schema.parameters() > Integer.MAX_VALUE - 8) {
      throw Errors.invalidSetting(
          "parameters of the model", schema.parameters(), "fewer than 2^31 - 8 for this trainer");
    }
    this.schema = schema;
    this.offsets = new int[schema.tensors().size() + 1];
    for (int t = 0; t < schema.tensors().size(); t++) {
      offsets[t + 1] = offsets[t] + schema.tensors().get(t).elements();
    }
  }

  /** The schema that this layout places. */
  public ModelSchema schema() {
    return schema;
  }

  /** The index of the first element of {@code tensor}. */
  public int offset(int tensor) {
    return offsets[tensor];
  }

  /** The number of elements of {@code tensor}. */
  public int elements(int tensor) {
    return offsets[tensor + 1] - offsets[tensor];
  }

  /** The number of elements of all tensors. */
  public int length() {
    return offsets[offsets.length - 1];
  }

  /** A new array with the schema's initial values for {@code seed}. */
  public float[] initialValues(long seed) {
    float[] values = new float[length()];
    for (int t = 0; t < schema.tensors().size(); t++) {
      InitialValues.fill(schema, t, seed, values, offsets[t]);
    }
    return values;
  }
}
