package io.tributary.codecs.internal;

import com.aparapi.ProfileReport;
import com.aparapi.device.Device;
import com.aparapi.device.OpenCLDevice;
import com.aparapi.exception.CompileFailedException;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.lang.ref.WeakReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The OpenCL device; {@link GpuSupport} says whether there is one, {@link GpuLane} uses it.
 *
 * <p>A program is compiled before its first use and proven, after each execution, to have run on
 * the device: Aparapi would otherwise go on in Java threads with no more than a line in its log.
 * Safe for any thread.
 */
public final class GpuDevice {
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
   * Compiles a program; to be called on the thread that will execute it. One at a time: drivers
   * that compiled on several threads at once left the JVM without its signal handlers.
   */
  static synchronized void compile(GpuProgram program) {
    try {
      program.compile(device());
    } catch (CompileFailedException e) {
      throw new TributaryException(
          ErrorCode.BACKEND_UNAVAILABLE,
          program.getClass().getSimpleName() + " can't be compiled for " + name(),
          e);
    }
  }

  /**
   * Executes a program with a number of work groups; to be called on the thread of the program's
   * lane.
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
   * called on the thread of the program's lane.
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
    WeakReference<ProfileReport> reference = program.getProfileReportCurrentThread(device);
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
          OpenCLDevice device = devices.get(0);
          // Else buffers lie in the arrays' own memory, and the device goes on writing there after
          // the garbage collector has moved an array and Kernel.get has noted its new address.
          device.setSharedMemory(false);
          return device;
        }
      }
      return null;
    }
  }
}
