package io.tributary.codecs.sketch;

import io.tributary.codecs.internal.SimdSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

class SketchSimdKernelEqualityTest extends SketchKernelEqualityCheck {
  @BeforeEach
  void needsVectors() {
    String reason = SimdSupport.unusableBecause();
    Assumptions.assumeTrue(reason.isEmpty(), reason);
  }

  @Override
  SketchKernel kernel() {
    return new SketchSimdKernel();
  }
}
