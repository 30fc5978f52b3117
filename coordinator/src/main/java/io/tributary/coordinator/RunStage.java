package io.tributary.coordinator;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the run's thread is doing now, so that another thread can say it when that one can't: a disk
 * that doesn't answer stops it in the middle of its work. The run's thread writes; any may read.
 */
final class RunStage {
  static final String JOURNALLING = "writing to the journal";
  static final String FORCING = "forcing the journal";

  private record Work(String what, long since) {}

  private final LongSupplier nanos;
  private volatile @Nullable Work current;

  /** Of a thread that does nothing yet. */
  RunStage(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Does one thing, perhaps in the midst of another, which it then is again. */
  void run(String what, Runnable work) {
    Work outer = current;
    current = new Work(what, nanos.getAsLong());
    try {
      work.run();
    } finally {
      current = outer;
    }
  }

  /** The same, for work with a result. */
  <T> T get(String what, Supplier<T> work) {
    Work outer = current;
    current = new Work(what, nanos.getAsLong());
    try {
      return work.get();
    } finally {
      current = outer;
    }
  }

  /** What it has been doing for so many nanoseconds or more, or null if it has begun it since. */
  RunEvent.@Nullable Blocked longerThan(long least) {
    Work work = current;
    long lasts = work == null ? 0 : nanos.getAsLong() - work.since();
    return work == null || lasts < least ? null : new RunEvent.Blocked(work.what(), lasts / 1e9);
  }
}
