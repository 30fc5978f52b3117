package io.tributary.codecs.raw32;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import java.util.List;

class Raw32SimdKernelEqualityTest extends KernelEqualityTest {
  Raw32SimdKernelEqualityTest() {
    super(new Raw32Provider(), Backend.SIMD, List.of(""));
  }
}
