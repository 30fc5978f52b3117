package io.tributary.bench.codecs;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the JMH benchmark for one codec on one set and size after the other.
 *
 * @param forks JVMs for each row; 0 measures in this one, which is good for tests alone
 * @param threads threads that run at once, each with values of its own
 * @param warmUp how long a fork warms up; kernels of vectors run a hundred times slower before
 *     their compiler has seen them
 * @param iteration how long an iteration takes
 * @param iterations measured iterations of a fork, of which the median counts
 * @param seed of the values
 */
record CodecBench(
    int forks, int threads, TimeValue warmUp, TimeValue iteration, int iterations, long seed) {
  private static final List<String> FLAGS =
      List.of("-XX:+UseParallelGC", "-Xms2g", "-Xmx4g", "-XX:+UseTransparentHugePages");

  /** The rates of one fork in bytes of float32 a nanosecond. */
  private record Rates(
      double encode, double decode, double accumulate, double copy, double allocated) {}

  /** Measures one row. */
  CodecRow measure(String codec, ValueSet set, BenchSize size) {
    double[] quality = CodecBenchmark.bitsAndError(codec, set, size.window(), seed);
    List<Rates> rates = run(codec, set, size).stream().map(fork -> rates(fork, size)).toList();
    double[] encode = sorted(rates, fork -> fork.encode / fork.copy);
    double[] decode = sorted(rates, fork -> fork.decode / fork.copy);
    double[] accumulate = sorted(rates, fork -> fork.accumulate / fork.copy);
    double snrDb = -20 * Math.log10(quality[1]);
    return new CodecRow(
        codec,
        BenchedCodecs.backend(codec),
        set.name(),
        size.name(),
        threads,
        quality[0],
        quality[1],
        quality[1] == 0 ? 0 : set.boundDb(quality[0]) - snrDb,
        median(sorted(rates, Rates::encode)),
        median(sorted(rates, Rates::decode)),
        median(sorted(rates, Rates::accumulate)),
        median(sorted(rates, Rates::copy)),
        median(encode),
        encode[0],
        encode[encode.length - 1],
        median(decode),
        decode[0],
        decode[decode.length - 1],
        median(accumulate),
        accumulate[0],
        accumulate[accumulate.length - 1],
        median(sorted(rates, Rates::allocated)),
        forks);
  }

  private Collection<BenchmarkResult> run(String codec, ValueSet set, BenchSize size) {
    var options =
        new OptionsBuilder()
            .include("^" + CodecBenchmark.class.getName().replace(".", "\\.") + "\\.turn$")
            .param("codec", codec)
            .param("set", set.name())
            .param("window", Integer.toString(size.window()))
            .param("windows", Integer.toString(size.windows()))
            .param("seed", Long.toString(seed))
            .forks(forks)
            .threads(threads)
            .warmupIterations(1)
            .warmupTime(warmUp)
            .measurementIterations(iterations)
            .measurementTime(iteration)
            .jvmArgsAppend(FLAGS.toArray(String[]::new))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();
    try {
      RunResult result = new Runner(options).runSingle();
      return result.getBenchmarkResults();
    } catch (RunnerException e) {
      throw new TributaryException(
          ErrorCode.INTERNAL, "measuring " + codec + " on " + set + " failed", e);
    }
  }

  private Rates rates(BenchmarkResult fork, BenchSize size) {
    double bytes = (double) threads * Float.BYTES * size.window();
    return new Rates(
        median(fork, turn -> bytes * turn.score("turns") / turn.score("encode")),
        median(fork, turn -> bytes * turn.score("turns") / turn.score("decode")),
        median(fork, turn -> bytes * turn.score("turns") / turn.score("accumulate")),
        median(fork, turn -> bytes * turn.score("turns") / turn.score("copy")),
        median(fork, turn -> turn.score("allocated") / turn.score("turns")));
  }

  /** An iteration by the names of its counters. */
  private record Iteration(IterationResult result) {
    double score(String counter) {
      return Objects.requireNonNull(result.getSecondaryResults().get(counter)).getScore();
    }
  }

  private static double median(BenchmarkResult fork, ToDoubleFunction<Iteration> figure) {
    return median(
        fork.getIterationResults().stream()
            .map(Iteration::new)
            .mapToDouble(figure)
            .sorted()
            .toArray());
  }

  private static double[] sorted(List<Rates> rates, ToDoubleFunction<Rates> figure) {
    return rates.stream().mapToDouble(figure).sorted().toArray();
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
