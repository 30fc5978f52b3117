package io.tributary.codecs.directions;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tributary.codecs.LearnedPeerFuzz;

class DirectionsPeerFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void send(byte[] input) {
    LearnedPeerFuzz.send("directions", input);
  }
}
