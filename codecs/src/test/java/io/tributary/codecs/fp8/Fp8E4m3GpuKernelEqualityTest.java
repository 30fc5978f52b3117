package io.tributary.codecs.fp8;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import io.tributary.codecs.GpuProof;
import java.util.List;

class Fp8E4m3GpuKernelEqualityTest extends KernelEqualityTest {
  Fp8E4m3GpuKernelEqualityTest() {
    super(new Fp8E4m3Provider(), Backend.GPU, List.of("32", "64", "128", "256"));
  }

  @Override
  protected void checkWhereItRan() {
    GpuProof.assertRan(Fp8E4m3DecodeProgram.class);
  }
}
