package io.tributary.codecs.fp8;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class Fp8E4m3SimdKernelEqualityTest extends KernelEqualityTest {
  Fp8E4m3SimdKernelEqualityTest() {
    super(new Fp8E4m3Provider(), Backend.SIMD, List.of("32", "64", "128", "256"));
  }
}
