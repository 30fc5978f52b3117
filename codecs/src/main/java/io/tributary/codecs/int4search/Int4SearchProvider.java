package io.tributary.codecs.int4search;

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

/** Offers int4search. */
public final class Int4SearchProvider implements CodecProvider {
  @Override
  public CodecId id() {
    return Int4SearchLayout.ID;
  }

  @Override
  public String description() {
    return "4-bit numbers whose scale, sign and spacing are searched for each 16 values, 4.504 bits a"
        + " value; no parameter";
  }

  @Override
  public Set<Backend> backends() {
    return EnumSet.allOf(Backend.class);
  }

  @Override
  public String unusableBecause(Backend backend) {
    return BackendSupport.unusableBecause(backend);
  }

  @Override
  public String discouragedBecause(Backend backend) {
    return BackendSupport.discouragedBecause(backend);
  }

  @Override
  public String detail(Backend backend) {
    return BackendSupport.detail(backend);
  }

  @Override
  public TensorCodec create(Backend backend, String parameter) {
    if (!parameter.isEmpty()) {
      throw Errors.invalidSetting("parameter of int4search", "'" + parameter + "'", "none");
    }
    return new Int4SearchCodec(kernel(backend));
  }

  @Override
  public Optional<DeviceTimings> deviceTimings() {
    return Optional.of(new Int4SearchGpuKernel(kernel(BackendSupport.processor())).timings());
  }

  private static Int4SearchKernel kernel(Backend backend) {
    return switch (backend) {
      case SCALAR -> new Int4SearchScalarKernel();
      case SIMD -> new Int4SearchSimdKernel();
      case GPU -> new Int4SearchGpuKernel(kernel(BackendSupport.processor()));
    };
  }
}
