package io.tributary.codecs.e3m0;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class E3m0SimdKernelEqualityTest extends KernelEqualityTest {
  E3m0SimdKernelEqualityTest() {
    super(new E3m0Provider(), Backend.SIMD, List.of("32", "64", "128", "256"));
  }
}
