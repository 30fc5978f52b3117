package io.tributary.weights;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Threads that share the rows of a matrix. The results don't depend on how many there are. Safe for
 * any thread, but not for its own: a task doesn't wait for tasks.
 */
public final class RowWorkers implements AutoCloseable {
  private final int threads;
  private final ExecutorService executor;

  /** A range of rows that one thread works on. */
  @FunctionalInterface
  public interface Range {
    /** Works on the rows from {@code from} up to but not {@code to}. */
    void run(int from, int to);
  }

  /** Starts as many threads, at least 1. */
  public RowWorkers(int threads) {
    this.threads = threads;
    var count = new AtomicInteger();
    executor =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              var thread = new Thread(task, "rows-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Starts a thread for each processor. */
  public static RowWorkers ofMachine() {
    return new RowWorkers(Runtime.getRuntime().availableProcessors());
  }

  /** Works on {@code rows} rows in ranges of at most {@code most}, and returns when all is done. */
  public void forEach(int rows, int most, Range range) {
    var parts = new ArrayList<Callable<Void>>();
    for (int from = 0; from < rows; from += most) {
      int first = from;
      int end = Math.min(rows, from + most);
      parts.add(
          () -> {
            range.run(first, end);
            return null;
          });
    }
    inOrder(parts, done -> {});
  }

  /**
   * Runs tasks, a few more than there are threads at a time, and takes their results in the tasks'
   * order. If one fails, those that were handed out are waited for and the others don't begin.
   */
  public <T extends @org.jspecify.annotations.Nullable Object> void inOrder(
      Iterable<? extends Callable<T>> tasks, Consumer<? super T> taker) {
    var running = new ArrayDeque<Future<T>>();
    try {
      for (Callable<T> task : tasks) {
        if (running.size() == 2 * threads) {
          taker.accept(result(running.remove()));
        }
        running.add(executor.submit(task));
      }
      while (!running.isEmpty()) {
        taker.accept(result(running.remove()));
      }
    } finally {
      running.forEach(RowWorkers::waitFor);
    }
  }

  private static <T extends @org.jspecify.annotations.Nullable Object> T result(Future<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof RuntimeException known) {
            throw known;
          }
          if (e.getCause() instanceof Error error) {
            throw error;
          }
          throw new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void waitFor(Future<?> future) {
    try {
      var unused = result(future);
    } catch (RuntimeException e) {
      // The first failure is the one that is told.
    }
  }

  /** Lets the threads end. */
  @Override
  public void close() {
    executor.shutdown();
  }
}
