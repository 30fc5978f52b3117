package io.tributary.codecs.groupbits;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tributary.codecs.LearnedPeerFuzz;

class GroupBitsPeerFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void send(byte[] input) {
    LearnedPeerFuzz.send("groupbits", input);
  }
}
