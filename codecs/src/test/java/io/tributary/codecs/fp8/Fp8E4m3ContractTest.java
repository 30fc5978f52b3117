package io.tributary.codecs.fp8;

import io.tributary.codec.CodecContractTest;
import io.tributary.codec.CodecProvider;
import java.util.List;

class Fp8E4m3ContractTest extends CodecContractTest {
  @Override
  protected CodecProvider provider() {
    return new Fp8E4m3Provider();
  }

  @Override
  protected List<String> parameters() {
    return List.of("", "32", "64", "128", "256");
  }

  @Override
  protected double allowedError(float value, float largest) {
    // Half of a last place; the scale is rounded up to 8 bits, the product to 24.
    double scale = largest / 229376.0 * (1 + 0x1p-7);
    double allowed = Math.max(Math.abs(value) * 0x1p-4, scale / 2) * (1 + 0x1p-18);
    return largest < 0x1p-108f ? largest : allowed;
  }

  @Override
  protected boolean refusesNonFinite() {
    return true;
  }
}
