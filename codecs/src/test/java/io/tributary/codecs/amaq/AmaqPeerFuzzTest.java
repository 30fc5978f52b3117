package io.tributary.codecs.amaq;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tributary.codecs.LearnedPeerFuzz;

class AmaqPeerFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void send(byte[] input) {
    LearnedPeerFuzz.send("amaq", input);
  }
}
