package io.tributary.codecs.fp4;

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

/** What the providers of both formats have in common: all back ends, no parameter. */
abstract class Fp4Provider implements CodecProvider {
  private final Fp4Format format;
  private final String what;

  Fp4Provider(Fp4Format format, String what) {
    this.format = format;
    this.what = what;
  }

  @Override
  public final CodecId id() {
    return format.id();
  }

  @Override
  public final String description() {
    return "4-bit numbers of sign, 2 exponent bits and a bit of fraction, in blocks of "
        + format.block()
        + " with "
        + what
        + "; no parameter";
  }

  @Override
  public final Set<Backend> backends() {
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
  public final TensorCodec create(Backend backend, String parameter) {
    if (!parameter.isEmpty()) {
      throw Errors.invalidSetting("parameter of " + format.id(), "'" + parameter + "'", "none");
    }
    return new Fp4Codec(format, kernel(backend));
  }

  private Fp4Kernel kernel(Backend backend) {
    return switch (backend) {
      case SCALAR -> new Fp4ScalarKernel(format);
      case SIMD -> new Fp4SimdKernel(format);
      case GPU -> new Fp4GpuKernel(format, kernel(BackendSupport.processor()));
    };
  }

  @Override
  public final Optional<DeviceTimings> deviceTimings() {
    return kernel(Backend.GPU) instanceof Fp4GpuKernel programs
        ? Optional.of(programs.timings())
        : Optional.empty();
  }
}
