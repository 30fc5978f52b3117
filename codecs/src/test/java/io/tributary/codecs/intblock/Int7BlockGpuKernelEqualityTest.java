package io.tributary.codecs.intblock;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import io.tributary.codecs.GpuProof;
import java.util.List;

class Int7BlockGpuKernelEqualityTest extends KernelEqualityTest {
  Int7BlockGpuKernelEqualityTest() {
    super(new Int7BlockProvider(), Backend.GPU, List.of("32", "64", "128", "256"));
  }

  @Override
  protected void checkWhereItRan() {
    GpuProof.assertRan(IntBlockDecodeProgram.class);
  }
}
