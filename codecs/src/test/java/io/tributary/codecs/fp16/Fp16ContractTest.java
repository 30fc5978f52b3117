package io.tributary.codecs.fp16;

import io.tributary.codec.CodecContractTest;
import io.tributary.codec.CodecProvider;
import java.util.List;

class Fp16ContractTest extends CodecContractTest {
  @Override
  protected CodecProvider provider() {
    return new Fp16Provider();
  }

  @Override
  protected List<String> parameters() {
    return List.of("");
  }

  @Override
  protected double allowedError(float value, float largest) {
    return Math.abs(value) > 65504f
        ? Float.POSITIVE_INFINITY
        : Math.max(Math.abs(value) * 0x1p-11, 0x1p-25);
  }

  @Override
  protected boolean refusesNonFinite() {
    return false;
  }
}
