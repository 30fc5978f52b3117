package io.tributary.codecs.int8block;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class Int8BlockSimdKernelEqualityTest extends KernelEqualityTest {
  Int8BlockSimdKernelEqualityTest() {
    super(new Int8BlockProvider(), Backend.SIMD, List.of("32", "64", "128", "256"));
  }
}
