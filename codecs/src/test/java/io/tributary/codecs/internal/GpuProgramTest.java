package io.tributary.codecs.internal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GpuProgramTest {
  @Test
  void javaThreadsGetNoClone() {
    var program = new NothingProgram();
    assertThatThrownBy(program::clone)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("NothingProgram must run on an OpenCL device");
  }

  /** Does nothing. */
  private static final class NothingProgram extends GpuProgram {
    @Override
    public void run() {}
  }
}
