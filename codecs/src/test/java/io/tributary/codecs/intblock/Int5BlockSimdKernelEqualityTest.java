package io.tributary.codecs.intblock;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class Int5BlockSimdKernelEqualityTest extends KernelEqualityTest {
  Int5BlockSimdKernelEqualityTest() {
    super(new Int5BlockProvider(), Backend.SIMD, List.of("32", "64", "128", "256"));
  }
}
