package io.tributary.codecs.e3m0;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import io.tributary.codecs.GpuProof;
import java.util.List;

class E3m0GpuKernelEqualityTest extends KernelEqualityTest {
  E3m0GpuKernelEqualityTest() {
    super(new E3m0Provider(), Backend.GPU, List.of("32", "64", "128", "256"));
  }

  @Override
  protected void checkWhereItRan() {
    GpuProof.assertRan(E3m0DecodeProgram.class);
  }
}
