package io.tributary.codecs.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.Backend;
import io.tributary.codecs.GpuProof;
import io.tributary.codecs.internal.GpuSupport;
import io.tributary.sketch.RowSketch;
import io.tributary.sketch.SketchOptions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SketchGpuKernelEqualityTest extends SketchKernelEqualityCheck {
  @BeforeEach
  void needsADevice() {
    String reason = GpuSupport.unusableBecause();
    boolean required = System.getProperty("required.backends", "").contains("GPU");
    assertThat(required && !reason.isEmpty()).as(reason).isFalse();
    Assumptions.assumeTrue(reason.isEmpty(), reason);
  }

  @Override
  SketchKernel kernel() {
    return new SketchGpuKernel(new SketchScalarKernel());
  }

  @Test
  void aSketchOnTheDeviceGivesTheSameBits() {
    RowStreams.Stream stream = RowStreams.light(64, 5000, 3, 1);
    SketchOptions options = SketchOptions.of(64);
    var provider = new RandomOrderProvider();
    RowSketch device = provider.create(Backend.GPU, options);
    RowSketch scalar = provider.create(Backend.SCALAR, options);
    device.update(stream.values(), 0, 5000, 64);
    scalar.update(stream.values(), 0, 5000, 64);
    GpuProof.assertRan(SketchProjectProgram.class);
    assertThat(device.result().directions().get(0).vector())
        .containsExactly(scalar.result().directions().get(0).vector());
  }
}
