package io.tributary.codecs.int4block;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import io.tributary.codecs.GpuProof;
import java.util.List;

class Int4BlockGpuKernelEqualityTest extends KernelEqualityTest {
  Int4BlockGpuKernelEqualityTest() {
    super(new Int4BlockProvider(), Backend.GPU, List.of("32", "64", "128", "256"));
  }

  @Override
  protected void checkWhereItRan() {
    GpuProof.assertRan(Int4BlockDecodeProgram.class);
  }
}
