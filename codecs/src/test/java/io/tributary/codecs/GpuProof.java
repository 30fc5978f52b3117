package io.tributary.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codecs.internal.GpuExecution;
import io.tributary.codecs.internal.GpuSupport;
import java.util.Objects;

/**
 * Shows that programs ran on an OpenCL device; with the system property {@code required.gpu=true}
 * it must be a GPU, and not the machine's own processor.
 */
public final class GpuProof {
  private GpuProof() {}

  /** Fails unless the last execution was of the given program, and where it had to be. */
  public static void assertRan(Class<?> program) {
    GpuExecution last = Objects.requireNonNull(GpuSupport.lastExecution());
    assertThat(last.program()).isEqualTo(program);
    assertThat(last.device()).isNotBlank();
    if (Boolean.getBoolean("required.gpu")) {
      assertThat(last.onAccelerator()).as("%s is a GPU", last.device()).isTrue();
    }
  }
}
