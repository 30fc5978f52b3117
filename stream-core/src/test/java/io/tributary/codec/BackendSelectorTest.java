package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendSelectorTest {
  private final TruncatingProvider provider = new TruncatingProvider(7, "whole");

  @Test
  void autoTakesTheBestUsable() {
    assertThat(select("auto", false)).isEqualTo(Backend.GPU);
    provider.unusable(Backend.GPU, "no OpenCL device");
    assertThat(select("auto", true)).isEqualTo(Backend.SIMD);
    provider.unusable(Backend.SIMD, "no module");
    assertThat(select("auto", true)).isEqualTo(Backend.SCALAR);
  }

  @Test
  void autoPassesOverTheDiscouraged() {
    provider.discouraged(Backend.GPU, "the OpenCL device is a CPU");
    assertThat(select("auto", false)).isEqualTo(Backend.SIMD);
    assertThat(select("gpu", false)).isEqualTo(Backend.GPU);
  }

  @Test
  void namedBackEndIsTakenAlthoughABetterOneExists() {
    assertThat(select("scalar", true)).isEqualTo(Backend.SCALAR);
    assertThat(select("simd", true)).isEqualTo(Backend.SIMD);
  }

  @Test
  void unusableFallsBackOrFailsIfStrict() {
    provider.unusable(Backend.GPU, "no OpenCL device");
    assertThat(select("gpu", false)).isEqualTo(Backend.SIMD);
    assertThatThrownBy(() -> select("gpu", true))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKEND_UNAVAILABLE))
        .hasMessageContaining("whole")
        .hasMessageContaining("no OpenCL device");
  }

  @Test
  void codecWithoutTheNamedBackEndTakesItsBest() {
    provider.without(Backend.GPU);
    assertThat(select("gpu", true)).isEqualTo(Backend.SIMD);
  }

  @Test
  void registryChoosesOnceForACodec() {
    var registry = CodecRegistry.of(List.of(provider), new BackendSelector("simd", true));
    assertThat(registry.codec("whole"))
        .isEqualTo(new TruncatingProvider.TruncatingCodec(provider.id(), Backend.SIMD));
    provider.unusable(Backend.SIMD, "gone");
    assertThat(registry.codec("whole:7"))
        .isEqualTo(new TruncatingProvider.TruncatingCodec(provider.id(), Backend.SIMD));
  }

  private Backend select(String wanted, boolean strict) {
    return new BackendSelector(wanted, strict).select(provider);
  }
}
