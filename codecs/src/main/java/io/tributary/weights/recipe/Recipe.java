package io.tributary.weights.recipe;

import io.tributary.tensor.RowMatrix;
import io.tributary.weights.Hessians;
import io.tributary.weights.RowWorkers;
import java.util.function.Consumer;

/**
 * A way to make matrices small. {@link Object#toString} gives the text that {@link Recipes#parse}
 * reads. Immutable, safe for any thread.
 */
public interface Recipe {
  /**
   * What a recipe may use.
   *
   * @param hessians what is known of the matrices' inputs
   * @param workers share the rows of a matrix that must be seen whole
   * @param notes hears what a user should know, a line each
   */
  record Tools(Hessians hessians, RowWorkers workers, Consumer<String> notes) {}

  /** Whether it must know a matrix's inputs. */
  default boolean isCalibrated() {
    return false;
  }

  /**
   * Makes a matrix small, or gets ready to do so block by block.
   *
   * @param tensor the matrix's name
   * @throws io.tributary.error.TributaryException {@code NON_FINITE} if a value is NaN or infinite,
   *     {@code INVALID_SETTING} if the recipe can't be applied
   */
  EncodedMatrix encode(String tensor, RowMatrix matrix, Tools tools);
}
