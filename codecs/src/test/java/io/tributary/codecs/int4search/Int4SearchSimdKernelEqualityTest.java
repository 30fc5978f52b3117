package io.tributary.codecs.int4search;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class Int4SearchSimdKernelEqualityTest extends KernelEqualityTest {
  Int4SearchSimdKernelEqualityTest() {
    super(new Int4SearchProvider(), Backend.SIMD, List.of(""));
  }
}
