package io.tributary.codecs.int4search;

import io.tributary.codec.CodecContractTest;
import io.tributary.codec.CodecProvider;
import java.util.List;

class Int4SearchContractTest extends CodecContractTest {
  @Override
  protected CodecProvider provider() {
    return new Int4SearchProvider();
  }

  @Override
  protected List<String> parameters() {
    return List.of("");
  }

  @Override
  protected double allowedError(float value, float largest) {
    // Scales are searched by squared error, and small values may be lost beside large ones.
    return Math.max(Math.abs(value), 0.35 * largest);
  }

  @Override
  protected boolean refusesNonFinite() {
    return true;
  }
}
