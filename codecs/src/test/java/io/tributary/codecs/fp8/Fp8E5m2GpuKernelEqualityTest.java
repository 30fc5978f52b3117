package io.tributary.codecs.fp8;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import io.tributary.codecs.GpuProof;
import java.util.List;

class Fp8E5m2GpuKernelEqualityTest extends KernelEqualityTest {
  Fp8E5m2GpuKernelEqualityTest() {
    super(new Fp8E5m2Provider(), Backend.GPU, List.of("32", "64", "128", "256"));
  }

  @Override
  protected void checkWhereItRan() {
    GpuProof.assertRan(Fp8E5m2DecodeProgram.class);
  }
}
