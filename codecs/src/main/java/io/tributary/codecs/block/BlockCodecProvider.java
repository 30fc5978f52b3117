package io.tributary.codecs.block;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.DeviceTimings;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.internal.BackendSupport;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the providers of block codecs have in common: all back ends unless one says otherwise, and a
 * block size as parameter.
 */
public abstract class BlockCodecProvider implements CodecProvider {
  private final CodecId id;
  private final BlockLayout layout;
  private final String what;

  /**
   * A provider.
   *
   * @param what what the codec is, for its description
   */
  protected BlockCodecProvider(CodecId id, BlockLayout layout, String what) {
    this.id = id;
    this.layout = layout;
    this.what = what;
  }

  /** Makes a kernel; touches no class of another back end. */
  protected abstract BlockKernel kernel(Backend backend);

  @Override
  public final CodecId id() {
    return id;
  }

  @Override
  public final String description() {
    return String.format(
        Locale.ROOT,
        "%s, in blocks with a bf16 scale each, %s bits a value; parameter: block size 32, 64,"
            + " 128 or 256, default %d",
        what,
        layout.codeBits() + 16.0 / layout.defaultBlockSize(),
        layout.defaultBlockSize());
  }

  @Override
  public Set<Backend> backends() {
    return EnumSet.allOf(Backend.class);
  }

  @Override
  public final String unusableBecause(Backend backend) {
    return BackendSupport.unusableBecause(backend);
  }

  /**
   * {@inheritDoc} Values that lie in the processor's memory take longer to the device than vectors
   * take to encode them: on an H100, 4 GB/s in chunks of a million and 25 in hundreds of millions.
   */
  @Override
  public final String discouragedBecause(Backend backend) {
    String reason = BackendSupport.discouragedBecause(backend);
    return backend == Backend.GPU
            && reason.isEmpty()
            && BackendSupport.processor() == Backend.SIMD
            && BackendSupport.unusableBecause(Backend.GPU).isEmpty()
        ? "the way to it takes longer than vectors take to encode"
        : reason;
  }

  @Override
  public final String detail(Backend backend) {
    return BackendSupport.detail(backend);
  }

  @Override
  public final TensorCodec create(Backend backend, String parameter) {
    return new BlockCodec(id, layout, layout.blockSize(parameter), kernel(backend));
  }

  @Override
  public final Optional<DeviceTimings> deviceTimings() {
    return kernel(Backend.GPU) instanceof BlockGpuKernel programs
        ? Optional.of(programs.timings(layout.defaultBlockSize()))
        : Optional.empty();
  }
}
