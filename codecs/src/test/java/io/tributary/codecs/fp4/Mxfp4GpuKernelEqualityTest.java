package io.tributary.codecs.fp4;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import io.tributary.codecs.GpuProof;
import java.util.List;

class Mxfp4GpuKernelEqualityTest extends KernelEqualityTest {
  Mxfp4GpuKernelEqualityTest() {
    super(new Mxfp4Provider(), Backend.GPU, List.of(""));
  }

  @Override
  protected void checkWhereItRan() {
    GpuProof.assertRan(Fp4DecodeProgram.class);
  }
}
