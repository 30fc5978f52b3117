package io.tributary.codecs.intblock;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class Int3WhSimdKernelEqualityTest extends KernelEqualityTest {
  Int3WhSimdKernelEqualityTest() {
    super(new Int3WhProvider(), Backend.SIMD, List.of("32", "64", "128", "256"));
  }
}
