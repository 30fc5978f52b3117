package io.tributary.codecs.fp16;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import io.tributary.codecs.GpuProof;
import java.util.List;

class Fp16GpuKernelEqualityTest extends KernelEqualityTest {
  Fp16GpuKernelEqualityTest() {
    super(new Fp16Provider(), Backend.GPU, List.of(""));
  }

  @Override
  protected void checkWhereItRan() {
    GpuProof.assertRan(Fp16DecodeProgram.class);
  }
}
