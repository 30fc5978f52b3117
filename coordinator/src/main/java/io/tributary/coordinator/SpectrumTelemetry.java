package io.tributary.coordinator;

import io.tributary.codec.CodecRegistry;
import io.tributary.run.EncodedPart;
import io.tributary.run.Fragment;
import io.tributary.run.RunManifest;
import io.tributary.run.TensorSlice;
import io.tributary.sketch.RowSketch;
import io.tributary.sketch.ShuffledRows;
import io.tributary.sketch.SketchOptions;
import io.tributary.sketch.SketchOptions.NonFiniteRows;
import io.tributary.sketch.SketchRegistry;
import io.tributary.sketch.SketchResult;
import io.tributary.tensor.ArrayRows;
import io.tributary.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Looks at the changes that a run makes: of each tensor, how much of the change lies along one
 * direction, how far the next one is behind, and how many rows stand out by their length.
 *
 * <p>Each tensor's rows go once, in random order, through a sketch of bounded memory, on a thread
 * of its own. Memory beside the sketch is one change, encoded, and the values of one slice. While
 * that thread is busy, changes are passed over: telemetry is behind or has gaps, and never holds a
 * run up. The run doesn't depend on what is found.
 *
 * <p>{@link #look} is called on the run's thread; the listener is called on this object's own.
 */
final class SpectrumTelemetry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpectrumTelemetry.class);
  private static final String METHOD = "random-order";
  private static final int CHUNK_VALUES = 1 << 14;
  private static final int SHUFFLE_BYTES = 1 << 20;
  private static final int BUFFERED_ROWS = 16;

  /** A message to a page stays small however many tensors a model has. */
  private static final int MOST_TENSORS = 64;

  private final int every;
  private final CodecRegistry codecs;
  private final SketchRegistry sketches = SketchRegistry.load();
  private final Consumer<RunEvent.Spectrum> listener;
  private final Scheduler thread = Schedulers.newSingle("coordinator-spectrum", true);
  private final AtomicBoolean busy = new AtomicBoolean();

  /**
   * Telemetry of a run.
   *
   * @param every which versions of a fragment are looked at: each {@code every}-th
   * @param listener hears what is found
   */
  SpectrumTelemetry(int every, CodecRegistry codecs, Consumer<RunEvent.Spectrum> listener) {
    this.every = every;
    this.codecs = codecs;
    this.listener = listener;
  }

  /** Whether a version would be looked at now, so that its change is worth fetching. */
  boolean wants(int version) {
    return version % every == 0 && !busy.get();
  }

  /** Looks at the change that led to a version, some time later. */
  void look(RunManifest manifest, int fragment, int version, List<EncodedPart> change) {
    busy.set(true);
    try {
      thread.schedule(
          () -> {
            try {
              listener.accept(spectrum(manifest, fragment, version, change));
            } catch (RuntimeException e) {
              LOG.warn("no spectrum of fragment {}, version {}", fragment, version, e);
            } finally {
              busy.set(false);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("closed", e);
    }
  }

  private RunEvent.Spectrum spectrum(
      RunManifest manifest, int index, int version, List<EncodedPart> change) {
    long began = System.nanoTime();
    var found = new ArrayList<RunEvent.TensorSpectrum>();
    Fragment fragment = manifest.fragmentMap().fragment(index);
    for (TensorSlice slice : fragment.slices()) {
      TensorSpec tensor = manifest.schema().tensors().get(slice.tensor());
      int width = rowWidth(tensor);
      if (width > 0 && slice.count() > width) {
        found.add(spectrum(tensor.name(), values(slice, change), width, version));
      }
    }
    found.sort(Comparator.comparingDouble(RunEvent.TensorSpectrum::topEigenvalue).reversed());
    return new RunEvent.Spectrum(
        index,
        version,
        List.copyOf(found.subList(0, Math.min(MOST_TENSORS, found.size()))),
        (System.nanoTime() - began) / 1_000_000);
  }

  /** Values in a row of a tensor that has rows, or 0. */
  private static int rowWidth(TensorSpec tensor) {
    return tensor.shape().size() < 2 ? 0 : tensor.elements() / tensor.shape().get(0);
  }

  private float[] values(TensorSlice slice, List<EncodedPart> change) {
    var values = new float[slice.count()];
    for (EncodedPart part : change) {
      if (slice.covers(part.tensor(), part.first(), part.count())) {
        codecs
            .forDecoding(part.codec(), part.codecVersion())
            .decode(
                part.bytes(),
                0,
                part.bytes().length,
                part.count(),
                values,
                part.first() - slice.first());
      }
    }
    return values;
  }

  private RunEvent.TensorSpectrum spectrum(String tensor, float[] values, int width, int version) {
    RowSketch sketch =
        sketches.create(
            METHOD,
            SketchOptions.of(width)
                .withDirections(Math.min(2, width))
                .withNonFinite(NonFiniteRows.SKIP));
    int buffer = Math.max(SHUFFLE_BYTES, BUFFERED_ROWS * Float.BYTES * width);
    var rows = new ShuffledRows(new ArrayRows(values, width), version, buffer);
    int chunkRows = Math.max(1, CHUNK_VALUES / width);
    var chunk = new float[chunkRows * width];
    for (int n = rows.next(chunk, chunkRows); n > 0; n = rows.next(chunk, chunkRows)) {
      sketch.update(chunk, 0, n, width);
    }
    SketchResult result = sketch.result();
    double top = result.directions().isEmpty() ? 0 : result.directions().get(0).eigenvalue();
    return new RunEvent.TensorSpectrum(
        tensor,
        result.rows(),
        width,
        top,
        result.energy() > 0 ? top / result.energy() : 0,
        result.gap().isPresent() ? result.gap().getAsDouble() : null,
        result.heavyRows(),
        result.allHeldAreHeavy());
  }

  /** Gives up what is under way. */
  @Override
  public void close() {
    thread.dispose();
  }
}
