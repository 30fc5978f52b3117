package io.tributary.bench.recipes;

import io.tributary.error.Errors;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.file.WeightTensor;
import io.tributary.file.safetensors.SafetensorsWriter;
import io.tributary.tensor.RowMatrix;
import io.tributary.weights.Hessians;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.compress.ModelCompressor;
import io.tributary.weights.compress.ModelReport;
import io.tributary.weights.compress.RecipePolicy;
import io.tributary.weights.file.TribFile;
import io.tributary.weights.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;

/** Times recipes on one model, whose file it makes and removes. For one thread. */
final class RecipeSpeed implements AutoCloseable {
  private static final int COPIED = 1 << 20;
  private static final long WARM_BYTES = 16 << 20;

  /** How long the code is run before it is timed, so that it is compiled as it will stay. */
  private static final double WARM_SECONDS = 3;

  private final RowWorkers workers = RowWorkers.ofMachine();
  private final Recipe.Tools tools;
  private final RandomWeights weights;
  private final RandomWeights warm;
  private final Path folder;
  private final Path model;
  private final Path compressed;
  private final Path restored;
  private final long bytes;
  private final double writeSeconds;
  private final DiskSpeed disk;

  /**
   * Writes the model.
   *
   * @param within the folder in which a folder for the files is made
   * @param bytes of the model as float32, about
   * @param notes hears what recipes have to say
   */
  RecipeSpeed(Path within, long bytes, long seed, Consumer<String> notes) {
    tools = new Recipe.Tools(Hessians.none(), workers, notes);
    weights = new RandomWeights(bytes, seed);
    warm = new RandomWeights(Math.min(bytes, WARM_BYTES), seed);
    this.bytes = weights.tensors().stream().mapToLong(WeightTensor::bytes).sum();
    try {
      folder = Files.createTempDirectory(within, "tributary-recipes-");
    } catch (IOException e) {
      throw Errors.storage(within, "can't write to", e);
    }
    Path probe = folder.resolve("disk");
    disk = DiskSpeed.measure(probe, this.bytes);
    delete(probe);
    model = folder.resolve("model.safetensors");
    compressed = folder.resolve("model.trib");
    restored = folder.resolve("restored.safetensors");
    long began = System.nanoTime();
    SafetensorsWriter.write(weights, model);
    writeSeconds = seconds(began);
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private double speed(double seconds) {
    return bytes / seconds / 1e9;
  }

  /** The model's bytes. */
  long bytes() {
    return bytes;
  }

  /** GB/s of writing the model. */
  double writeSpeed() {
    return speed(writeSeconds);
  }

  /** What the device does. */
  DiskSpeed disk() {
    return disk;
  }

  /** GB/s of reading it, a few rows at a time. */
  double readSpeed() {
    try (WeightFile file = WeightFormats.load().open(model)) {
      long began = System.nanoTime();
      for (WeightTensor tensor : file.tensors()) {
        RowMatrix rows = file.rows(tensor.name());
        var values = new float[16 * rows.width()];
        for (long row = 0; row < rows.rows(); row += 16) {
          rows.read(row, (int) Math.min(16, rows.rows() - row), values, 0);
        }
      }
      return speed(seconds(began));
    }
  }

  /** GB/s of copying as many bytes from array to array. */
  double copySpeed() {
    var from = new float[COPIED];
    var to = new float[COPIED];
    long began = System.nanoTime();
    for (long done = 0; done < bytes; done += (long) Float.BYTES * COPIED) {
      System.arraycopy(from, 0, to, 0, COPIED);
    }
    return speed(seconds(began));
  }

  /** Compresses and decompresses: first a little of it untimed. */
  RecipeRow run(String recipe) {
    RecipePolicy policy = RecipePolicy.parse(recipe);
    double warmSeconds = bytes > WARM_BYTES ? WARM_SECONDS : 0;
    long warmBegan = System.nanoTime();
    do {
      compress(warm, policy);
      restore();
    } while (seconds(warmBegan) < warmSeconds);
    delete(compressed);
    delete(restored);
    ModelReport report;
    double compressSeconds;
    try (WeightFile source = WeightFormats.load().open(model)) {
      long began = System.nanoTime();
      report = compress(source, policy);
      compressSeconds = seconds(began);
    }
    long began = System.nanoTime();
    restore();
    double restoreSeconds = seconds(began);
    return new RecipeRow(
        recipe,
        speed(compressSeconds),
        speed(restoreSeconds),
        disk.of(bytes, bytes, report.fileBytes()),
        disk.of(bytes, report.fileBytes(), bytes),
        compressSeconds,
        restoreSeconds,
        report.fileBitsPerWeight(),
        report.weightError());
  }

  private ModelReport compress(WeightFile source, RecipePolicy policy) {
    return new ModelCompressor(tools, Set.of(), done -> {}).compress(source, policy, compressed);
  }

  private void restore() {
    try (WeightFile source = TribFile.open(compressed).readBy(workers)) {
      SafetensorsWriter.write(source, restored);
    }
  }

  @Override
  public void close() {
    workers.close();
    for (Path file : new Path[] {model, compressed, restored, folder}) {
      delete(file);
    }
  }

  /** A file that another one replaces is deleted before, so that no time goes into its removal. */
  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw Errors.storage(file, "can't delete", e);
    }
  }
}
