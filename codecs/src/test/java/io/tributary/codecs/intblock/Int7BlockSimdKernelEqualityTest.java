package io.tributary.codecs.intblock;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class Int7BlockSimdKernelEqualityTest extends KernelEqualityTest {
  Int7BlockSimdKernelEqualityTest() {
    super(new Int7BlockProvider(), Backend.SIMD, List.of("32", "64", "128", "256"));
  }
}
