package io.tributary.codecs.fp8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tributary.codecs.DecoderFuzz;

class Fp8E4m3FuzzTest {
  @FuzzTest(maxDuration = "5m")
  void decode(byte[] input) {
    DecoderFuzz.decode(new Fp8E4m3Provider(), input);
  }
}
