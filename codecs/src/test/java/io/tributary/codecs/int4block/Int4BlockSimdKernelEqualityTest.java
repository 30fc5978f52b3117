package io.tributary.codecs.int4block;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class Int4BlockSimdKernelEqualityTest extends KernelEqualityTest {
  Int4BlockSimdKernelEqualityTest() {
    super(new Int4BlockProvider(), Backend.SIMD, List.of("32", "64", "128", "256"));
  }
}
