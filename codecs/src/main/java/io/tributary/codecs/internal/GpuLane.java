package io.tributary.codecs.internal;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * One of a few threads that use the device, each with programs and queues of its own: while one
 * lane's values travel, another's are computed with and a third's are copied to where the driver
 * takes them from. A processor as device gets one lane, since there is nothing to overlap.
 */
public final class GpuLane {
  /** Each lane compiles its programs, a third of a second each with NVIDIA's driver. */
  private static final int MOST = 4;

  /** Elements that are too few to share with another processor. */
  private static final int RUN = 1 << 18;

  private final Map<Class<?>, GpuProgram> programs = new HashMap<>();
  private final ExecutorService thread;

  private GpuLane(int index) {
    thread =
        Executors.newSingleThreadExecutor(
            work -> {
              var worker = new Thread(work, "tributary-gpu-" + index);
              worker.setDaemon(true);
              return worker;
            });
  }

  /** A piece of work that is done slice by slice. */
  @FunctionalInterface
  public interface SliceWork {
    /** Does slice {@code slice}; on the lane's thread. */
    void run(GpuLane lane, int slice);
  }

  /** A run of elements. */
  @FunctionalInterface
  public interface RunWork {
    /** Does elements {@code first} to {@code first + count} - 1. */
    void run(int first, int count);
  }

  /**
   * Does what a lane has to do with memory on all processors: one alone copies a tenth of what the
   * bus takes.
   */
  public static void forEachRun(int count, RunWork work) {
    int runs = (count + RUN - 1) / RUN;
    IntStream.range(0, runs)
        .parallel()
        .forEach(i -> work.run(i * RUN, Math.min(RUN, count - i * RUN)));
  }

  /** The number of lanes. */
  public static int count() {
    return Lanes.ALL.size();
  }

  /**
   * Does slices 0 to {@code slices} - 1, on as many lanes as there are, and waits for all of them.
   * Safe for any thread but a lane's own.
   *
   * @throws TributaryException what the work threw, {@code BACKEND_UNAVAILABLE} if the device
   *     failed
   */
  public static void forEachSlice(int slices, SliceWork work) {
    List<GpuLane> lanes = Lanes.ALL;
    int used = Math.min(slices, lanes.size());
    int first = Math.floorMod(Lanes.NEXT.getAndAdd(used), lanes.size());
    var next = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>(used);
    for (int i = 0; i < used; i++) {
      GpuLane lane = lanes.get((first + i) % lanes.size());
      running.add(
          lane.thread.submit(
              () -> {
                for (int slice = next.getAndIncrement();
                    slice < slices;
                    slice = next.getAndIncrement()) {
                  work.run(lane, slice);
                }
              }));
    }
    await(running);
  }

  /** Does something on every lane, such as compiling, and waits for all of them. */
  static void onEach(java.util.function.Consumer<GpuLane> work) {
    List<Future<?>> running = new ArrayList<>();
    for (GpuLane lane : Lanes.ALL) {
      running.add(lane.thread.submit(() -> work.accept(lane)));
    }
    await(running);
  }

  private static void await(List<Future<?>> running) {
    boolean interrupted = false;
    Throwable failure = null;
    for (Future<?> one : running) {
      while (true) {
        try {
          one.get();
          break;
        } catch (InterruptedException e) {
          // The work uses the caller's arrays: leaving before its end would hand them back too
          // soon.
          interrupted = true;
        } catch (ExecutionException e) {
          failure = e.getCause();
          break;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure instanceof TributaryException ours) {
      throw ours;
    }
    if (failure != null) {
      throw new TributaryException(
          ErrorCode.BACKEND_UNAVAILABLE, "work on " + GpuDevice.name() + " failed", failure);
    }
  }

  /** This lane's instance of a program, compiled; on the lane's thread. */
  <P extends GpuProgram> P program(GpuPrograms<P> programs) {
    return programs
        .type()
        .cast(
            this.programs.computeIfAbsent(
                programs.type(),
                key -> {
                  P program = programs.maker().get();
                  GpuDevice.compile(program);
                  return program;
                }));
  }

  /** Started when first asked for. */
  private static final class Lanes {
    static final AtomicInteger NEXT = new AtomicInteger();
    static final List<GpuLane> ALL = new ArrayList<>();

    static {
      int half = Runtime.getRuntime().availableProcessors() / 2;
      int lanes = GpuDevice.isAccelerator() ? Math.max(1, Math.min(MOST, half)) : 1;
      for (int i = 0; i < lanes; i++) {
        ALL.add(new GpuLane(i));
      }
    }
  }
}
