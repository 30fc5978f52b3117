package io.tributary.codecs.topk;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tributary.codecs.DecoderFuzz;

class TopkFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void decode(byte[] input) {
    DecoderFuzz.decode(new TopkProvider(), input);
  }
}
