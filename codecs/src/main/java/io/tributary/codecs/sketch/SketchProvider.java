package io.tributary.codecs.sketch;

import io.tributary.codec.Backend;
import io.tributary.codecs.internal.BackendSupport;
import io.tributary.sketch.RowSketch;
import io.tributary.sketch.RowSketchProvider;
import io.tributary.sketch.SketchOptions;
import java.util.EnumSet;
import java.util.Set;

/** What the providers of sketches have in common: a name and the back ends. */
abstract class SketchProvider implements RowSketchProvider {
  private final String name;
  private final String description;

  SketchProvider(String name, String description) {
    this.name = name;
    this.description = description;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String description() {
    return description;
  }

  @Override
  public Set<Backend> backends() {
    return EnumSet.of(Backend.SCALAR, Backend.SIMD);
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
  public final RowSketch create(Backend backend, SketchOptions options) {
    return create(options, kernel(backend));
  }

  static SketchKernel kernel(Backend backend) {
    return switch (backend) {
      case SCALAR -> new SketchScalarKernel();
      case SIMD -> new SketchSimdKernel();
      case GPU -> new SketchGpuKernel(kernel(BackendSupport.processor()));
    };
  }

  abstract RowSketch create(SketchOptions options, SketchKernel kernel);
}
