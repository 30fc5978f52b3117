package io.tributary.bench.link;

import io.tributary.codec.CodecRange;
import io.tributary.error.TributaryException;
import io.tributary.link.Link;
import io.tributary.link.LinkClient;
import io.tributary.link.LinkCounters;
import io.tributary.link.LinkOptions;
import io.tributary.link.LinkServer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleConsumer;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * How long a PING takes over a link whose both directions are full of streams: two ends in this
 * process, a real socket on loopback, the cap of the link as the bottleneck.
 */
public final class PingUnderLoad {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private PingUnderLoad() {}

  /**
   * What was measured.
   *
   * @param bytesPerSecond the cap in each direction
   * @param pings the number of round trips
   * @param seconds how long they took together, pauses included
   * @param p50Millis the median round trip in milliseconds
   * @param p90Millis the 90th percentile
   * @param p99Millis the 99th percentile
   * @param maxMillis the longest
   * @param busyShareOut the share of the cap that was used from client to server meanwhile
   * @param busyShareBack the share of the cap that was used from server to client meanwhile
   */
  public record Result(
      long bytesPerSecond,
      int pings,
      double seconds,
      double p50Millis,
      double p90Millis,
      double p99Millis,
      double maxMillis,
      double busyShareOut,
      double busyShareBack) {}

  /**
   * Fills both directions, then pings one after the other.
   *
   * @param bytesPerSecond the cap in each direction, for instance 250000 for 2 Mbit/s
   * @param pings the number of round trips, at least 1
   * @param pause the time between two of them
   * @param progress hears of each round trip in milliseconds
   * @throws TributaryException {@code PEER_SILENT} if the two ends don't find each other
   */
  public static Result run(long bytesPerSecond, int pings, Duration pause, DoubleConsumer progress)
      throws InterruptedException {
    var atServer = new LoadEnd();
    var atClient = new LoadEnd();
    try (LinkServer server =
        LinkServer.bind("127.0.0.1", 0, options("server", bytesPerSecond), atServer)) {
      LinkClient client =
          LinkClient.connect(
              "127.0.0.1", server.address().getPort(), options("client", bytesPerSecond), atClient);
      try {
        Disposable load = Disposables.composite(atClient.fill(), atServer.fill());
        try {
          return measure(atClient.link(), atServer.link(), pings, pause, progress);
        } finally {
          load.dispose();
        }
      } finally {
        client.close();
      }
    }
  }

  private static Result measure(
      Link out, Link back, int pings, Duration pause, DoubleConsumer progress)
      throws InterruptedException {
    // The first second fills what lies between the ends and warms the code up.
    Thread.sleep(1_000);
    LinkCounters outBefore = out.counters();
    LinkCounters backBefore = back.counters();
    double[] millis = new double[pings];
    for (int i = 0; i < pings; i++) {
      millis[i] = Objects.requireNonNull(out.ping().block(PATIENCE)).toNanos() / 1e6;
      progress.accept(millis[i]);
      Thread.sleep(pause.toMillis());
    }
    LinkCounters outPassed = out.counters().since(outBefore);
    LinkCounters backPassed = back.counters().since(backBefore);
    Arrays.sort(millis);
    return new Result(
        outPassed.bytesPerSecond(),
        pings,
        outPassed.nanos() / 1e9,
        percentile(millis, 0.50),
        percentile(millis, 0.90),
        percentile(millis, 0.99),
        millis[pings - 1],
        outPassed.busyShare(),
        backPassed.busyShare());
  }

  /** The smallest value that is not below {@code share} of all. */
  private static double percentile(double[] sorted, double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }

  private static LinkOptions options(String name, long bytesPerSecond) {
    return LinkOptions.of(name, List.of(new CodecRange(1, 1, 1)), bytesPerSecond);
  }
}
