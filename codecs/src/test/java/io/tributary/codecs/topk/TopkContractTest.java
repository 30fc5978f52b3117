package io.tributary.codecs.topk;

import io.tributary.codec.CodecContractTest;
import io.tributary.codec.CodecProvider;
import java.util.List;

class TopkContractTest extends CodecContractTest {
  @Override
  protected CodecProvider provider() {
    return new TopkProvider();
  }

  @Override
  protected List<String> parameters() {
    return List.of("", "0.01-4b", "0.25-8b", "1-2b");
  }

  @Override
  protected double allowedError(float value, float largest) {
    // What is not kept is lost; what is kept moves less than zero is away, but for the ends' bf16.
    return Math.abs(value) * (1 + 0x1p-7) + 0x1p-126;
  }

  @Override
  protected boolean refusesNonFinite() {
    return true;
  }
}
