package io.tributary.codecs.topk;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class TopkSimdKernelEqualityTest extends KernelEqualityTest {
  TopkSimdKernelEqualityTest() {
    super(new TopkProvider(), Backend.SIMD, List.of("0.001-2b", "0.01-2b", "0.1-5b", "1-8b"));
  }
}
