package io.tributary.codecs.fp16;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class Fp16SimdKernelEqualityTest extends KernelEqualityTest {
  Fp16SimdKernelEqualityTest() {
    super(new Fp16Provider(), Backend.SIMD, List.of(""));
  }
}
