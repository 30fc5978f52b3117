package io.tributary.bench.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * Draws faults from a seed: kinds and victims alike often, times between them exponential. The same
 * seed draws the same faults; what they meet depends on the processes' speed.
 */
final class FaultSource {
  private static final int LEAST_MILLIS = 1000;
  private static final int MOST_MILLIS = 4000;
  private static final int MOST_DELAY_MILLIS = 300;
  private static final int LEAST_DELAY_MILLIS = 30;
  private static final int SLOW_BYTES = 16 * 1024;

  private final Random random;
  private final List<FaultKind> kinds;
  private final int agents;
  private final Duration every;

  FaultSource(ChaosPlan plan) {
    random = new Random(plan.seed());
    kinds = plan.faults().stream().sorted().toList();
    agents = plan.agents();
    every = plan.every();
  }

  /** The time until the next fault. */
  Duration pause() {
    double factor = -StrictMath.log(1 - random.nextDouble());
    return Duration.ofNanos((long) (every.toNanos() * factor));
  }

  /** The next fault. */
  Fault next() {
    FaultKind kind = kinds.get(random.nextInt(kinds.size()));
    int agent = random.nextInt(agents);
    int lasts = LEAST_MILLIS + random.nextInt(MOST_MILLIS - LEAST_MILLIS);
    int delay = LEAST_DELAY_MILLIS + random.nextInt(MOST_DELAY_MILLIS - LEAST_DELAY_MILLIS);
    long strength =
        switch (kind) {
          case DELAY -> delay;
          case SLOW -> SLOW_BYTES + random.nextInt(SLOW_BYTES);
          default -> 0;
        };
    return new Fault(kind, agent, Duration.ofMillis(lasts), strength);
  }
}
