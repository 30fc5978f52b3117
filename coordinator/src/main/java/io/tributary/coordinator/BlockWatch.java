package io.tributary.coordinator;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Says what the run's thread is stuck in, on a thread of its own. {@link StallWatch} says why a run
 * that could go on doesn't; that one works on the run's thread, and is as stuck as it.
 */
final class BlockWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockWatch.class);
  private static final long LOOK_MILLIS = 1000;

  private final Scheduler thread = Schedulers.newSingle("coordinator-watch", true);
  private final RunStage stage;
  private final Consumer<RunEvent> events;
  private int looksUntilSaid;

  private BlockWatch(RunStage stage, Consumer<RunEvent> events) {
    this.stage = stage;
    this.events = events;
  }

  /**
   * Begins to watch.
   *
   * @param events hears of it on the watch's own thread
   */
  static BlockWatch start(RunStage stage, Consumer<RunEvent> events) {
    var watch = new BlockWatch(stage, events);
    watch.thread.schedulePeriodically(watch::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return watch;
  }

  private void look() {
    if (--looksUntilSaid > 0) {
      return;
    }
    RunEvent.Blocked blocked = stage.longerThan(StallWatch.SAY_AFTER.toNanos());
    if (blocked != null) {
      looksUntilSaid = (int) (StallWatch.SAY_AFTER.toMillis() / LOOK_MILLIS);
      LOG.warn("the run's thread has been busy for {} s: {}", blocked.seconds(), blocked.stage());
      events.accept(blocked); // behind the log: what hears it may be what blocks
    }
  }

  @Override
  public void close() {
    thread.dispose();
  }
}
