package io.tributary.codecs.intblock;

import io.tributary.codec.CodecContractTest;
import io.tributary.codec.CodecProvider;
import java.util.List;

class Int5BlockContractTest extends CodecContractTest {
  @Override
  protected CodecProvider provider() {
    return new Int5BlockProvider();
  }

  @Override
  protected List<String> parameters() {
    return List.of("", "32", "64", "128", "256");
  }

  @Override
  protected double allowedError(float value, float largest) {
    // Half a scale; the scale is rounded up to 8 bits, the reciprocal to 24.
    return largest < 0x1p-122f ? largest : largest / 15.0 * (1 + 0x1p-7) / 2 * (1 + 0x1p-15);
  }

  @Override
  protected boolean refusesNonFinite() {
    return true;
  }
}
