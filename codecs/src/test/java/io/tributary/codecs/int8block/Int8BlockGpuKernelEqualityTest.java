package io.tributary.codecs.int8block;

import io.tributary.codec.Backend;
import io.tributary.codec.KernelEqualityTest;
import io.tributary.codecs.GpuProof;
import java.util.List;

class Int8BlockGpuKernelEqualityTest extends KernelEqualityTest {
  Int8BlockGpuKernelEqualityTest() {
    super(new Int8BlockProvider(), Backend.GPU, List.of("32", "64", "128", "256"));
  }

  @Override
  protected void checkWhereItRan() {
    GpuProof.assertRan(Int8BlockDecodeProgram.class);
  }
}
