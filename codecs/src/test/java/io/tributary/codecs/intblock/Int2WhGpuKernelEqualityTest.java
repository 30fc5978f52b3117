package io.tributary.codecs.intblock;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import io.tributary.codecs.GpuProof;
import java.util.List;

class Int2WhGpuKernelEqualityTest extends KernelEqualityTest {
  Int2WhGpuKernelEqualityTest() {
    super(new Int2WhProvider(), Backend.GPU, List.of("32", "64", "128", "256"));
  }

  @Override
  protected void checkWhereItRan() {
    GpuProof.assertRan(RotatedDecodeProgram.class);
  }
}
