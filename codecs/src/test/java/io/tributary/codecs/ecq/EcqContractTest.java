package io.tributary.codecs.ecq;

import io.tributary.codec.CodecContractTest;
import io.tributary.codec.CodecProvider;
import java.util.List;

class EcqContractTest extends CodecContractTest {
  @Override
  protected CodecProvider provider() {
    return new EcqProvider();
  }

  @Override
  protected List<String> parameters() {
    return List.of("", "0.25b", "2b", "9b", "0.05rel", "0.001abs");
  }

  @Override
  protected double allowedError(float value, float largest) {
    // No value comes back further away than zero is, but for rounding at the threshold.
    return Math.abs(value) * (1 + 0x1p-16);
  }

  @Override
  protected boolean refusesNonFinite() {
    return true;
  }
}
