package io.tributary.codecs.lowrank;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tributary.codecs.DecoderFuzz;

class LowRankFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void decode(byte[] input) {
    DecoderFuzz.decode(new LowRankProvider(), input);
  }
}
