package io.tributary.codecs.intblock;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class Int6BlockSimdKernelEqualityTest extends KernelEqualityTest {
  Int6BlockSimdKernelEqualityTest() {
    super(new Int6BlockProvider(), Backend.SIMD, List.of("32", "64", "128", "256"));
  }
}
