package io.tributary.codecs.fp4;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class Mxfp4SimdKernelEqualityTest extends KernelEqualityTest {
  Mxfp4SimdKernelEqualityTest() {
    super(new Mxfp4Provider(), Backend.SIMD, List.of(""));
  }
}
