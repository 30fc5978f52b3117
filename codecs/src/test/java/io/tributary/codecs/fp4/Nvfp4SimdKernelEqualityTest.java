package io.tributary.codecs.fp4;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class Nvfp4SimdKernelEqualityTest extends KernelEqualityTest {
  Nvfp4SimdKernelEqualityTest() {
    super(new Nvfp4Provider(), Backend.SIMD, List.of(""));
  }
}
