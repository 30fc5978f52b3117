package io.tributary.codecs.intblock;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class Int2WhSimdKernelEqualityTest extends KernelEqualityTest {
  Int2WhSimdKernelEqualityTest() {
    super(new Int2WhProvider(), Backend.SIMD, List.of("32", "64", "128", "256"));
  }
}
