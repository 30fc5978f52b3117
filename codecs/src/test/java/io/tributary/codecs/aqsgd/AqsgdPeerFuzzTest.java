package io.tributary.codecs.aqsgd;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tributary.codecs.LearnedPeerFuzz;

class AqsgdPeerFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void send(byte[] input) {
    LearnedPeerFuzz.send("aqsgd", input);
  }
}
