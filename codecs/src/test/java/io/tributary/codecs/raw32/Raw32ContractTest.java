package io.tributary.codecs.raw32;

import io.tributary.codec.CodecContractTest;
import io.tributary.codec.CodecProvider;
import java.util.List;

class Raw32ContractTest extends CodecContractTest {
  @Override
  protected CodecProvider provider() {
    return new Raw32Provider();
  }

  @Override
  protected List<String> parameters() {
    return List.of("");
  }

  @Override
  protected double allowedError(float value, float largest) {
    return 0;
  }

  @Override
  protected boolean refusesNonFinite() {
    return false;
  }
}
