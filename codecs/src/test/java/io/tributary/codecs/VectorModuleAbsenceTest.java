package io.tributary.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.CodecRegistry;
import org.junit.jupiter.api.Test;

/** Runs in a Java without the vector module, which a build execution of its own sees to. */
class VectorModuleAbsenceTest {
  @Test
  void moduleIsAbsent() {
    assertThat(ModuleLayer.boot().findModule("jdk.incubator.vector")).isEmpty();
  }

  @Test
  void everyCodecSaysWhyAndFallsBack() {
    CodecRegistry registry = CodecRegistry.load();
    for (CodecProvider provider : registry.providers()) {
      if (provider.backends().contains(Backend.SIMD)) {
        assertThat(provider.unusableBecause(Backend.SIMD))
            .contains("--add-modules jdk.incubator.vector");
      }
      var bytes = new byte[1000];
      var codec = registry.codec(provider.id().name());
      int length = codec.encode(new float[] {1, 2, 3}, 0, 3, bytes, 0);
      codec.decode(bytes, 0, length, 3, new float[3], 0);
    }
  }
}
