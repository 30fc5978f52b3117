package io.tributary.codecs.e3m0;

import io.tributary.codec.CodecContractTest;
import io.tributary.codec.CodecProvider;
import java.util.List;

class E3m0ContractTest extends CodecContractTest {
  @Override
  protected CodecProvider provider() {
    return new E3m0Provider();
  }

  @Override
  protected List<String> parameters() {
    return List.of("", "32", "64", "128", "256");
  }

  @Override
  protected double allowedError(float value, float largest) {
    double scale = largest / 64.0 * (1 + 0x1p-7) * (1 + 0x1p-13);
    return largest < 0x1p-120f
        ? largest
        : Math.max(Math.abs(value) / 3.0 * (1 + 0x1p-13), scale / 2);
  }

  @Override
  protected boolean refusesNonFinite() {
    return true;
  }
}
