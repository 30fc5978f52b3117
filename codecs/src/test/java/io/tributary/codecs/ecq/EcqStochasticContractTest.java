package io.tributary.codecs.ecq;

import io.tributary.codec.CodecContractTest;
import io.tributary.codec.CodecProvider;
import java.util.List;

class EcqStochasticContractTest extends CodecContractTest {
  @Override
  protected CodecProvider provider() {
    return new EcqProvider();
  }

  @Override
  protected List<String> parameters() {
    return List.of("0.25b-stochastic", "2b-stochastic", "9b-stochastic");
  }

  @Override
  protected double allowedError(float value, float largest) {
    // A step, which all values of a chunk decide and not those of a block; EcqStochasticTest has
    // more.
    return Float.MAX_VALUE;
  }

  @Override
  protected boolean refusesNonFinite() {
    return true;
  }
}
