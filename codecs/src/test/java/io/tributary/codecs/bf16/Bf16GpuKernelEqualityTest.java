package io.tributary.codecs.bf16;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import io.tributary.codecs.GpuProof;
import java.util.List;

class Bf16GpuKernelEqualityTest extends KernelEqualityTest {
  Bf16GpuKernelEqualityTest() {
    super(new Bf16Provider(), Backend.GPU, List.of(""));
  }

  @Override
  protected void checkWhereItRan() {
    GpuProof.assertRan(Bf16DecodeProgram.class);
  }
}
