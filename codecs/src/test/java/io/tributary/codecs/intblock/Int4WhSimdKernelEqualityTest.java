package io.tributary.codecs.intblock;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class Int4WhSimdKernelEqualityTest extends KernelEqualityTest {
  Int4WhSimdKernelEqualityTest() {
    super(new Int4WhProvider(), Backend.SIMD, List.of("32", "64", "128", "256"));
  }
}
