package io.tributary.codecs.fp4;

import io.tributary.codec.CodecContractTest;
import io.tributary.codec.CodecProvider;
import java.util.List;

class Nvfp4ContractTest extends CodecContractTest {
  @Override
  protected CodecProvider provider() {
    return new Nvfp4Provider();
  }

  @Override
  protected List<String> parameters() {
    return List.of("");
  }

  @Override
  protected double allowedError(float value, float largest) {
    // A block that is far smaller than the chunk's largest magnitude becomes zero.
    return largest;
  }

  @Override
  protected boolean refusesNonFinite() {
    return true;
  }
}
