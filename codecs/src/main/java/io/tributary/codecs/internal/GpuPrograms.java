package io.tributary.codecs.internal;

import java.util.function.Supplier;

/**
 * A kind of program, of which every lane has an instance.
 *
 * @param type the program's class
 * @param maker makes an instance that isn't compiled yet
 */
public record GpuPrograms<P extends GpuProgram>(Class<P> type, Supplier<P> maker) {
  /** The instance of a lane; on the lane's thread. */
  public P of(GpuLane lane) {
    return lane.program(this);
  }

  /**
   * Compiles it for all lanes, so that nobody waits for that later; returns itself.
   *
   * @throws io.tributary.error.TributaryException {@code BACKEND_UNAVAILABLE} if that fails
   */
  public GpuPrograms<P> compiled() {
    GpuLane.onEach(this::of);
    return this;
  }
}
