package io.tributary.codecs.amaqec;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tributary.codecs.LearnedPeerFuzz;

class AmaqecPeerFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void send(byte[] input) {
    LearnedPeerFuzz.send("amaqec", input);
  }
}
