package io.tributary.bench.recipes;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * What the bench writes.
 *
 * @param modelBytes of the model as float32
 * @param heapLimitBytes the most that the virtual machine's heap may take
 * @param copyGbS the speed at which arrays are copied, on one thread
 * @param writeGbS the speed at which the model was written and forced to the device
 * @param readGbS the speed at which it was read again, on one thread, most likely from the system's
 *     cache
 * @param disk what the device did with as many bytes
 * @param rows a recipe each
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record RecipeFigures(
    long modelBytes,
    long heapLimitBytes,
    double copyGbS,
    double writeGbS,
    double readGbS,
    DiskSpeed disk,
    List<RecipeRow> rows) {
  /** Copies the list. */
  RecipeFigures {
    rows = List.copyOf(rows);
  }
}
