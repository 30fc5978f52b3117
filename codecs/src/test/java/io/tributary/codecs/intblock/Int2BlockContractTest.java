package io.tributary.codecs.intblock;

import io.tributary.codec.CodecContractTest;
import io.tributary.codec.CodecProvider;
import java.util.List;

class Int2BlockContractTest extends CodecContractTest {
  @Override
  protected CodecProvider provider() {
    return new Int2BlockProvider();
  }

  @Override
  protected List<String> parameters() {
    return List.of("", "32", "64", "128", "256");
  }

  @Override
  protected double allowedError(float value, float largest) {
    // Levels are at most 1.5 root mean squares, and on the value's side of zero.
    return largest;
  }

  @Override
  protected boolean refusesNonFinite() {
    return true;
  }
}
