package io.tributary.codecs.intblock;

import io.tributary.codec.CodecContractTest;
import io.tributary.codec.CodecProvider;
import java.util.List;

class Int3WhContractTest extends CodecContractTest {
  @Override
  protected CodecProvider provider() {
    return new Int3WhProvider();
  }

  @Override
  protected List<String> parameters() {
    return List.of("", "32", "64", "128", "256");
  }

  @Override
  protected double allowedError(float value, float largest) {
    // An error of all codes at once may meet in one value; blocks have at most 256.
    return 64.0 * largest;
  }

  @Override
  protected boolean refusesNonFinite() {
    return true;
  }
}
