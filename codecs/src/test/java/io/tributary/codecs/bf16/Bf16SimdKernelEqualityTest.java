package io.tributary.codecs.bf16;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class Bf16SimdKernelEqualityTest extends KernelEqualityTest {
  Bf16SimdKernelEqualityTest() {
    super(new Bf16Provider(), Backend.SIMD, List.of(""));
  }
}
