package io.tributary.codecs.fp4;

import io.tributary.codec.CodecContractTest;
import io.tributary.codec.CodecProvider;
import java.util.List;

class Mxfp4ContractTest extends CodecContractTest {
  @Override
  protected CodecProvider provider() {
    return new Mxfp4Provider();
  }

  @Override
  protected List<String> parameters() {
    return List.of("");
  }

  @Override
  protected double allowedError(float value, float largest) {
    // Half the distance of two codes; a largest magnitude from 7 to 8 times the scale becomes 6.
    double step = Math.abs(value) <= largest / 2 ? largest / 8 : largest / 4;
    return largest < 0x1p-124f ? largest : step * 1.01;
  }

  @Override
  protected boolean refusesNonFinite() {
    return true;
  }
}
