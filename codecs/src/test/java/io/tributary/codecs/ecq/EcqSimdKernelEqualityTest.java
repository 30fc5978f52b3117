package io.tributary.codecs.ecq;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class EcqSimdKernelEqualityTest extends KernelEqualityTest {
  EcqSimdKernelEqualityTest() {
    super(
        new EcqProvider(),
        Backend.SIMD,
        List.of("0.5b", "3b", "6b", "0.05rel", "0.1abs", "0.5b-stochastic", "2b-stochastic"));
  }
}
