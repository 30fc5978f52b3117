package io.tributary.codecs.intblock;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import io.tributary.codecs.GpuProof;
import java.util.List;

class Int2BlockGpuKernelEqualityTest extends KernelEqualityTest {
  Int2BlockGpuKernelEqualityTest() {
    super(new Int2BlockProvider(), Backend.GPU, List.of("32", "64", "128", "256"));
  }

  @Override
  protected void checkWhereItRan() {
    GpuProof.assertRan(IntBlockDecodeProgram.class);
  }
}
