package io.tributary.codecs.element;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.DeviceTimings;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.internal.BackendSupport;
import io.tributary.error.Errors;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What the providers of element codecs have in common: all back ends unless one says otherwise, and
 * no parameter.
 */
public abstract class ElementCodecProvider implements CodecProvider {
  private final CodecId id;
  private final int elementBytes;
  private final String what;

  /**
   * A provider.
   *
   * @param elementBytes the bytes of one encoded value
   * @param what what the codec is, for its description
   */
  protected ElementCodecProvider(CodecId id, int elementBytes, String what) {
    this.id = id;
    this.elementBytes = elementBytes;
    this.what = what;
  }

  /** Makes a kernel; touches no class of another back end. */
  protected abstract ElementKernel kernel(Backend backend);

  @Override
  public final CodecId id() {
    return id;
  }

  @Override
  public final String description() {
    return what + ", " + Byte.SIZE * elementBytes + " bits a value; no parameter";
  }

  @Override
  public Set<Backend> backends() {
    return EnumSet.allOf(Backend.class);
  }

  @Override
  public final String unusableBecause(Backend backend) {
    return BackendSupport.unusableBecause(backend);
  }

  @Override
  public final String discouragedBecause(Backend backend) {
    return BackendSupport.discouragedBecause(backend);
  }

  @Override
  public final String detail(Backend backend) {
    return BackendSupport.detail(backend);
  }

  @Override
  public final Optional<DeviceTimings> deviceTimings() {
    return backends().contains(Backend.GPU)
            && kernel(Backend.GPU) instanceof ElementGpuKernel programs
        ? Optional.of(programs.timings())
        : Optional.empty();
  }

  @Override
  public final TensorCodec create(Backend backend, String parameter) {
    if (!parameter.isEmpty()) {
      throw Errors.invalidSetting("parameter of " + id, "'" + parameter + "'", "none");
    }
    return new ElementCodec(id, elementBytes, kernel(backend));
  }
}
