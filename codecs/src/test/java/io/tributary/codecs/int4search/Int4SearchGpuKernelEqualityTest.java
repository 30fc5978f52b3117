package io.tributary.codecs.int4search;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import io.tributary.codecs.GpuProof;
import java.util.List;

class Int4SearchGpuKernelEqualityTest extends KernelEqualityTest {
  Int4SearchGpuKernelEqualityTest() {
    super(new Int4SearchProvider(), Backend.GPU, List.of(""));
  }

  @Override
  protected void checkWhereItRan() {
    GpuProof.assertRan(Int4SearchDecodeProgram.class);
  }
}
