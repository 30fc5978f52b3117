package io.tributary.codecs.bf16;

import io.tributary.codec.CodecContractTest;
import io.tributary.codec.CodecProvider;
import java.util.List;

class Bf16ContractTest extends CodecContractTest {
  @Override
  protected CodecProvider provider() {
    return new Bf16Provider();
  }

  @Override
  protected List<String> parameters() {
    return List.of("");
  }

  @Override
  protected double allowedError(float value, float largest) {
    return Math.abs(value) >= 0x1.FFp127f
        ? Float.POSITIVE_INFINITY
        : Math.max(Math.abs(value) * 0x1p-8, 0x1p-134);
  }

  @Override
  protected boolean refusesNonFinite() {
    return false;
  }
}
