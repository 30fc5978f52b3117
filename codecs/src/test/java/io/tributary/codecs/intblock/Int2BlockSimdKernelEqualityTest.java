package io.tributary.codecs.intblock;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class Int2BlockSimdKernelEqualityTest extends KernelEqualityTest {
  Int2BlockSimdKernelEqualityTest() {
    super(new Int2BlockProvider(), Backend.SIMD, List.of("32", "64", "128", "256"));
  }
}
