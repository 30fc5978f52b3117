package io.tributary.codecs.intblock;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class Int3BlockSimdKernelEqualityTest extends KernelEqualityTest {
  Int3BlockSimdKernelEqualityTest() {
    super(new Int3BlockProvider(), Backend.SIMD, List.of("32", "64", "128", "256"));
  }
}
