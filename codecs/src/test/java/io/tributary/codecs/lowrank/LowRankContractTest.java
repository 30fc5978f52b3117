package io.tributary.codecs.lowrank;

import io.tributary.codec.CodecContractTest;
import io.tributary.codec.CodecProvider;
import java.util.List;

class LowRankContractTest extends CodecContractTest {
  /** The longest row of the values that are tested. */
  private static final int WIDEST = 256;

  @Override
  protected CodecProvider provider() {
    return new LowRankProvider();
  }

  @Override
  protected List<String> parameters() {
    return List.of("", "1", "2-64", "8-3");
  }

  @Override
  protected double allowedError(float value, float largest) {
    // What lies outside the directions is lost, of each value no more than its row is long.
    return 1.05 * Math.sqrt(WIDEST) * largest + Float.MIN_VALUE;
  }

  @Override
  protected boolean refusesNonFinite() {
    return true;
  }
}
