package io.tributary.codecs.int4search;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tributary.codecs.DecoderFuzz;

class Int4SearchFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void decode(byte[] input) {
    DecoderFuzz.decode(new Int4SearchProvider(), input);
  }
}
