package io.tributary.bench.gpu;

import io.tributary.bench.gpu.GpuFigures.Row;
import io.tributary.codec.Backend;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.DeviceCut;
import io.tributary.codec.DeviceTimings;
import io.tributary.codec.LearnedCodecProvider;
import io.tributary.codec.LearnedCodecs;
import io.tributary.codec.TensorCodec;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.sketch.DeviceUpdate;
import io.tributary.sketch.RowSketchProvider;
import io.tributary.sketch.SketchRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Compares every codec that has OpenCL programs, those across a cut included, and the sketches'
 * update with the scalar definition, and times the programs with data on the device and from array
 * to array.
 */
final class GpuBench {
  private static final int WARM_UPS = 2;
  private static final double BYTES = Float.BYTES / 1e9;

  /** Rows of a sketch as wide as those of a model of some billions of parameters. */
  private static final int UPDATE_WIDTH = 4096;

  /** Vectors of a sketch: those of one that has found its direction, and of one that searches. */
  private static final int[] UPDATE_COLUMNS = {4, 12};

  /** An update reads each row twice. */
  private static final int ROW_READS = 2;

  /** The definition of an update takes some nanoseconds a value. */
  private static final long MOST_UPDATE_VALUES = 1 << 26;

  /** Channels of activations, of a model of some billions of parameters too. */
  private static final int CUT_CHANNELS = 4096;

  /** Larger magnitudes are refused across a cut. */
  private static final float MOST_OF_CUT = 0x1p125f;

  private static final String SKETCH = "sketch";

  private final Set<String> names;
  private final int values;
  private final int passes;
  private final long checked;
  private final long seed;
  private final Consumer<Row> listener;

  /**
   * A bench.
   *
   * @param names of the codecs and sketches that are of interest; all if there are none
   * @param values the values of a call, a multiple of 1024
   * @param passes runs that a time is the mean or the best of
   * @param checked values to compare with the scalar definition, at least
   */
  GpuBench(
      Set<String> names, int values, int passes, long checked, long seed, Consumer<Row> listener) {
    this.names = names;
    this.values = values;
    this.passes = passes;
    this.checked = checked;
    this.seed = seed;
    this.listener = listener;
  }

  /**
   * Runs it.
   *
   * @throws TributaryException {@code BACKEND_UNAVAILABLE} if there is no OpenCL device, {@code
   *     INVALID_SETTING} for a name that has no programs
   */
  GpuFigures run() {
    List<CodecProvider> providers =
        ServiceLoader.load(CodecProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(p -> p.backends().contains(Backend.GPU))
            .sorted(Comparator.comparing(p -> p.id().name()))
            .toList();
    for (CodecProvider provider : providers) {
      String reason = provider.unusableBecause(Backend.GPU);
      if (!reason.isEmpty()) {
        throw new TributaryException(ErrorCode.BACKEND_UNAVAILABLE, "GPU: " + reason);
      }
    }
    Collection<LearnedCodecProvider> learned =
        LearnedCodecs.load(CodecRegistry.load()).providers().stream()
            .filter(p -> p.deviceCut().isPresent())
            .toList();
    var known = new TreeSet<>(Set.of(SKETCH));
    providers.forEach(p -> known.add(p.id().name()));
    learned.forEach(p -> known.add(p.id().name()));
    for (String name : names) {
      if (!known.contains(name)) {
        throw Errors.invalidSetting("NAME", name, String.join(", ", known));
      }
    }
    CodecProvider first = providers.get(0);
    double deviceCopy = 2 * BYTES * values / timings(first).copySeconds(values, passes);
    double hostCopy = hostCopyGbps();
    var rows = new ArrayList<Row>();
    for (CodecProvider provider : providers) {
      if (isWanted(provider.id().name())) {
        for (Row row : rows(provider, deviceCopy, hostCopy)) {
          listener.accept(row);
          rows.add(row);
        }
      }
    }
    for (RowSketchProvider provider : SketchRegistry.load().providers()) {
      if (isWanted(SKETCH)) {
        for (Row row : rows(provider, deviceCopy, hostCopy)) {
          listener.accept(row);
          rows.add(row);
        }
      }
    }
    for (LearnedCodecProvider provider : learned) {
      if (isWanted(provider.id().name())) {
        for (Row row : rows(provider, deviceCopy, hostCopy)) {
          listener.accept(row);
          rows.add(row);
        }
      }
    }
    return new GpuFigures(first.detail(Backend.GPU), deviceCopy, hostCopy, rows);
  }

  private boolean isWanted(String name) {
    return names.isEmpty() || names.contains(name);
  }

  private static DeviceTimings timings(CodecProvider provider) {
    return provider
        .deviceTimings()
        .orElseThrow(() -> new IllegalStateException(provider.id() + " has no programs to time"));
  }

  private double hostCopyGbps() {
    var source = new float[values];
    var target = new float[values];
    return BYTES * values / best(() -> System.arraycopy(source, 0, target, 0, values));
  }

  private double best(Runnable work) {
    for (int i = 0; i < WARM_UPS; i++) {
      work.run();
    }
    long best = Long.MAX_VALUE;
    for (int i = 0; i < passes; i++) {
      long began = System.nanoTime();
      work.run();
      best = Math.min(best, System.nanoTime() - began);
    }
    return best / 1e9;
  }

  private List<Row> rows(CodecProvider provider, double deviceCopy, double hostCopy) {
    TensorCodec codec = provider.create(Backend.GPU, "");
    Comparison found = compare(provider.create(Backend.SCALAR, ""), codec);
    var source = new float[values];
    new AwkwardValues(seed).fill(source);
    var bytes = new byte[codec.maxEncodedLength(values)];
    int length = codec.encode(source, 0, values, bytes, 0);
    double moved = (length + (double) Float.BYTES * values) / 1e9;
    double encode = timings(provider).encodeSeconds(values, passes);
    double decode = timings(provider).decodeSeconds(values, passes);
    double encodeHost = best(() -> codec.encode(source, 0, values, bytes, 0));
    double decodeHost = best(() -> codec.decode(bytes, 0, length, values, source, 0));
    double gigabytes = BYTES * values;
    String name = provider.id().name();
    var rows = new ArrayList<Row>();
    rows.add(
        new Row(
            name,
            "encode",
            values,
            gigabytes / encode,
            moved / encode / deviceCopy,
            gigabytes / encodeHost,
            gigabytes / encodeHost / hostCopy,
            found.values(),
            found.bytes()));
    rows.add(
        new Row(
            name,
            "decode",
            values,
            gigabytes / decode,
            moved / decode / deviceCopy,
            gigabytes / decodeHost,
            gigabytes / decodeHost / hostCopy,
            found.values(),
            found.floats()));
    OptionalDouble add = timings(provider).accumulateSeconds(values, passes);
    if (add.isPresent()) {
      double addHost = best(() -> codec.accumulate(bytes, 0, length, values, source, 0));
      double seconds = add.getAsDouble();
      rows.add(
          new Row(
              name,
              "add",
              values,
              gigabytes / seconds,
              (moved + gigabytes) / seconds / deviceCopy,
              gigabytes / addHost,
              gigabytes / addHost / hostCopy,
              found.values(),
              found.sums()));
    }
    return rows;
  }

  private List<Row> rows(RowSketchProvider provider, double deviceCopy, double hostCopy) {
    var rows = new ArrayList<Row>();
    if (provider.deviceUpdate().isEmpty()) {
      return rows;
    }
    DeviceUpdate update = provider.deviceUpdate().get();
    for (int columns : UPDATE_COLUMNS) {
      var source = new float[update.rows(UPDATE_WIDTH) * UPDATE_WIDTH];
      var random = new AwkwardValues(seed);
      long compared = 0;
      long mismatches = 0;
      while (compared < Math.min(checked, MOST_UPDATE_VALUES)) {
        random.fill(source);
        for (int i = 0; i < source.length; i++) {
          source[i] = Float.isFinite(source[i]) ? source[i] : 0;
        }
        mismatches += update.mismatches(source, UPDATE_WIDTH, columns);
        compared += source.length;
      }
      double gigabytes = BYTES * source.length;
      double device = update.deviceSeconds(UPDATE_WIDTH, columns, passes);
      double host = update.hostSeconds(UPDATE_WIDTH, columns, passes);
      rows.add(
          new Row(
              SKETCH,
              "update" + columns,
              source.length,
              gigabytes / device,
              ROW_READS * gigabytes / device / deviceCopy,
              gigabytes / host,
              gigabytes / host / hostCopy,
              compared,
              mismatches));
    }
    return rows;
  }

  private List<Row> rows(LearnedCodecProvider provider, double deviceCopy, double hostCopy) {
    var rows = new ArrayList<Row>();
    DeviceCut cut = provider.deviceCut().orElseThrow();
    for (DeviceCut.Pass pass : DeviceCut.Pass.values()) {
      var source = new float[cut.rows(CUT_CHANNELS) * CUT_CHANNELS];
      var random = new AwkwardValues(seed);
      long compared = 0;
      long mismatches = 0;
      while (compared < Math.min(checked, MOST_UPDATE_VALUES)) {
        random.fill(source);
        for (int i = 0; i < source.length; i++) {
          source[i] = Math.abs(source[i]) < MOST_OF_CUT ? source[i] : 0;
        }
        mismatches += cut.mismatches(pass, source, CUT_CHANNELS);
        compared += source.length;
      }
      double gigabytes = BYTES * source.length;
      double device = cut.deviceSeconds(pass, CUT_CHANNELS, passes);
      double host = cut.hostSeconds(pass, CUT_CHANNELS, passes);
      rows.add(
          new Row(
              provider.id().name(),
              pass.name().toLowerCase(Locale.ROOT),
              source.length,
              gigabytes / device,
              source.length * cut.bytesOfValue(pass) / 1e9 / device / deviceCopy,
              gigabytes / host,
              gigabytes / host / hostCopy,
              compared,
              mismatches));
    }
    return rows;
  }

  /**
   * What a comparison found.
   *
   * @param values values compared
   * @param bytes encoded bytes that differ
   * @param floats decoded values whose bits differ
   * @param sums sums whose bits differ after decoding and adding
   */
  private record Comparison(long values, long bytes, long floats, long sums) {}

  private Comparison compare(TensorCodec scalar, TensorCodec programs) {
    var random = new AwkwardValues(seed);
    var source = new float[values];
    var expected = new byte[scalar.maxEncodedLength(values)];
    var actual = new byte[expected.length];
    var expectedValues = new float[values];
    var actualValues = new float[values];
    long done = 0;
    long bytes = 0;
    long floats = 0;
    long sums = 0;
    while (done < checked) {
      random.fill(source);
      int length = scalar.encode(source, 0, values, expected, 0);
      programs.encode(source, 0, values, actual, 0);
      for (int i = 0; i < length; i++) {
        bytes += expected[i] == actual[i] ? 0 : 1;
      }
      scalar.decode(expected, 0, length, values, expectedValues, 0);
      programs.decode(expected, 0, length, values, actualValues, 0);
      floats += differences(expectedValues, actualValues);
      System.arraycopy(source, 0, expectedValues, 0, values);
      System.arraycopy(source, 0, actualValues, 0, values);
      scalar.accumulate(expected, 0, length, values, expectedValues, 0);
      programs.accumulate(expected, 0, length, values, actualValues, 0);
      sums += differences(expectedValues, actualValues);
      done += values;
    }
    return new Comparison(done, bytes, floats, sums);
  }

  private static long differences(float[] expected, float[] actual) {
    long found = 0;
    for (int i = 0; i < expected.length; i++) {
      boolean same = Float.floatToRawIntBits(expected[i]) == Float.floatToRawIntBits(actual[i]);
      found += same ? 0 : 1;
    }
    return found;
  }
}
