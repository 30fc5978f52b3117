package io.tributary.codecs.internal;

import com.aparapi.ProfileReport;
import com.aparapi.device.Device;
import com.aparapi.device.OpenCLDevice;
import com.aparapi.exception.CompileFailedException;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The OpenCL device and the one thread that uses it; {@link GpuSupport} says whether there is one.
 *
 * <p>A program is compiled before its first use and proven, after each execution, to have run on
 * the device: Aparapi would otherwise go on in Java threads with no more than a line in its log.
 * Safe for any thread.
 */
public final class GpuDevice {
  private static final Map<Class<?>, GpuProgram> PROGRAMS = new ConcurrentHashMap<>();
  private static volatile @Nullable GpuExecution lastExecution;

  private GpuDevice() {}

  /** Why there is no device, or the empty string if there is one. */
  static String failure() {
    return Chosen.FAILURE;
  }

  /** Whether the device is a GPU or another accelerator, and not the processor. */
  static boolean isAccelerator() {
    return device().getType() != Device.TYPE.CPU;
  }

  /** The device's name. */
  static String name() {
    return device().getName().trim();
  }

  /** The last execution of any program, or null before the first. */
  static @Nullable GpuExecution lastExecution() {
    return lastExecution;
  }

  /**
   * The one instance of a program, compiled for the device.
   *
   * @throws TributaryException {@code BACKEND_UNAVAILABLE} if it can't be compiled
   */
  public static <P extends GpuProgram> P program(Class<P> type, Supplier<P> maker) {
    return type.cast(
        PROGRAMS.computeIfAbsent(
            type,
            key -> {
              P program = maker.get();
              onThread(
                  () -> {
                    compile(program);
                    return program;
                  });
              return program;
            }));
  }

  private static void compile(GpuProgram program) {
    try {
      program.compile(device());
    } catch (CompileFailedException e) {
      throw new TributaryException(
          ErrorCode.BACKEND_UNAVAILABLE,
          program.getClass().getSimpleName() + " can't be compiled for " + name(),
          e);
    }
  }

  /** Runs work on the GPU thread and waits for it. Programs are touched in no other way. */
  public static <T> T onThread(Callable<T> work) {
    Future<T> result = GpuThread.EXECUTOR.submit(work);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          // The work uses the caller's arrays: leaving before its end would hand them back too
          // soon.
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TributaryException ours) {
        throw ours;
      }
      throw new TributaryException(
          ErrorCode.BACKEND_UNAVAILABLE, "work on " + name() + " failed", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Executes a program with a number of work groups; to be called on the GPU thread.
   *
   * @throws TributaryException {@code BACKEND_UNAVAILABLE} unless it ran on the device
   */
  public static void execute(GpuProgram program, int groups) {
    execute(program, groups, 1);
  }

  private static void execute(GpuProgram program, int groups, int passes) {
    OpenCLDevice device = device();
    long before = reportId(program, device);
    program.execute(device.createRange(groups * GpuProgram.ITEMS, GpuProgram.ITEMS), passes);
    if (!program.isRunningCL() || reportId(program, device) == before) {
      throw new TributaryException(
          ErrorCode.BACKEND_UNAVAILABLE,
          program.getClass().getSimpleName() + " did not run on " + name());
    }
    lastExecution = new GpuExecution(program.getClass(), name(), isAccelerator());
  }

  /**
   * The mean of several passes over what lies in the device's memory, after one to warm up; to be
   * called on the GPU thread.
   *
   * @return seconds a pass
   */
  public static double seconds(GpuProgram program, int groups, int passes) {
    execute(program, groups, 1);
    long began = System.nanoTime();
    execute(program, groups, passes);
    return (System.nanoTime() - began) / 1e9 / passes;
  }

  /** Reports are numbered by device: one with a new number proves an execution there. */
  private static long reportId(GpuProgram program, OpenCLDevice device) {
    WeakReference<ProfileReport> reference = program.getProfileReportLastThread(device);
    ProfileReport report = reference == null ? null : reference.get();
    return report == null ? -1 : report.getReportId();
  }

  private static OpenCLDevice device() {
    OpenCLDevice device = Chosen.DEVICE;
    if (device == null) {
      throw new TributaryException(ErrorCode.BACKEND_UNAVAILABLE, "GPU: " + Chosen.FAILURE);
    }
    return device;
  }

  /** Looks for a device once, when first asked. */
  private static final class Chosen {
    static final @Nullable OpenCLDevice DEVICE;
    static final String FAILURE;

    static {
      OpenCLDevice device = null;
      String failure = "no OpenCL device";
      try {
        device = best();
      } catch (RuntimeException | LinkageError e) {
        failure = "no OpenCL: " + e;
      }
      DEVICE = device;
      FAILURE = device == null ? failure : "";
    }

    private static @Nullable OpenCLDevice best() {
      for (Device.TYPE type : List.of(Device.TYPE.GPU, Device.TYPE.ACC, Device.TYPE.CPU)) {
        List<OpenCLDevice> devices = OpenCLDevice.listDevices(type);
        if (!devices.isEmpty()) {
          return devices.get(0);
        }
      }
      return null;
    }
  }

  /** Started with the first work. */
  private static final class GpuThread {
    static final ExecutorService EXECUTOR =
        Executors.newSingleThreadExecutor(
            work -> {
              var thread = new Thread(work, "tributary-gpu");
              thread.setDaemon(true);
              return thread;
            });
  }
}
