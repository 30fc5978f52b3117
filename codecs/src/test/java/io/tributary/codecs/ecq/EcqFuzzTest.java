package io.tributary.codecs.ecq;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tributary.codecs.DecoderFuzz;

class EcqFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void decode(byte[] input) {
    DecoderFuzz.decode(new EcqProvider(), input);
  }
}
