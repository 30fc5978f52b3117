package io.tributary.bench.inspect;

import io.tributary.bench.inspect.TensorFacts.Spectrum;
import io.tributary.sketch.RowSketch;
import io.tributary.sketch.ShuffledRows;
import io.tributary.sketch.SketchOptions;
import io.tributary.sketch.SketchOptions.NonFiniteRows;
import io.tributary.sketch.SketchRegistry;
import io.tributary.sketch.SketchResult;
import io.tributary.sketch.SketchResult.Direction;
import io.tributary.tensor.RowMatrix;
import java.util.List;
import java.util.Locale;

/** Finds a matrix's top eigenvalue in one pass over its rows, in random order. */
final class SpectrumReader {
  private static final int CHUNK_VALUES = 1 << 16;
  private static final int SHUFFLE_BYTES = 1 << 24;
  private static final int ROWS_OF_BUFFER = 64;

  private final SketchRegistry registry = SketchRegistry.load();
  private final String method;
  private final long seed;

  SpectrumReader(String method, long seed) {
    this.method = method;
    this.seed = seed;
  }

  /** Reads all rows once; rows that hold NaN or infinity are counted and left out. */
  Spectrum read(RowMatrix matrix) {
    int width = matrix.width();
    SketchOptions options =
        SketchOptions.of(width)
            .withDirections(width == 1 || method.equals("exponential-oja") ? 1 : 2)
            .withSeed(seed)
            .withNonFinite(NonFiniteRows.SKIP);
    RowSketch sketch = registry.create(method, options);
    int buffer = Math.max(SHUFFLE_BYTES, Math.multiplyExact(ROWS_OF_BUFFER * Float.BYTES, width));
    var rows = new ShuffledRows(matrix, seed, buffer);
    int chunkRows = Math.max(1, CHUNK_VALUES / width);
    var chunk = new float[chunkRows * width];
    for (int n = rows.next(chunk, chunkRows); n > 0; n = rows.next(chunk, chunkRows)) {
      sketch.update(chunk, 0, n, width);
    }
    return spectrum(sketch.result(), width);
  }

  private static Spectrum spectrum(SketchResult result, int width) {
    List<Direction> found = result.directions();
    Double top = found.isEmpty() ? null : found.get(0).eigenvalue();
    var warnings = new java.util.ArrayList<>(result.warnings());
    if (result.skippedRows() > 0) {
      warnings.add("rows that hold NaN or infinity, left out: " + result.skippedRows());
    }
    return new Spectrum(
        result.rows(),
        width,
        top,
        top == null ? null : top / result.energy(),
        result.gap().isPresent() ? result.gap().getAsDouble() : null,
        result.heavyRows(),
        result.allHeldAreHeavy(),
        result.verdict().name().toLowerCase(Locale.ROOT),
        warnings);
  }
}
