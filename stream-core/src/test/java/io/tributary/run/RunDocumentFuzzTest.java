package io.tributary.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.Arrays;

/** Hostile documents between agents and coordinators: the run's manifest, and all that joins it. */
class RunDocumentFuzzTest {
  private static final int KINDS = 10;

  /** The first byte says which document the others are. */
  @FuzzTest(maxDuration = "5m")
  void read(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] document = Arrays.copyOfRange(input, 1, input.length);
    try {
      switch (Math.floorMod(input[0], KINDS)) {
        case 0 -> RunDocuments.fromBytes(document, JoinRequest.class);
        case 1 -> RunDocuments.fromBytes(document, JoinReply.class);
        case 2 -> RunDocuments.fromBytes(document, AgentProgress.class);
        case 3 -> RunDocuments.fromBytes(document, CodecNotice.class);
        case 4 -> RunDocuments.fromBytes(document, ServiceOffer.class);
        case 5 -> RunDocuments.fromBytes(document, AgentFinish.class);
        case 6 -> FragmentChecksum.fromBytes(document);
        case 7 -> RunDocuments.fromBytes(document, ModelRequest.class);
        case 8 -> RunDocuments.fromBytes(document, ModelOffer.class);
        default -> {
          RunManifest manifest = RunDocuments.fromBytes(document, RunManifest.class);
          var unused = manifest.schedule().sentAt(1);
          manifest.fragmentMap();
        }
      }
    } catch (TributaryException e) {
      assertThat(e.code())
          .isIn(
              ErrorCode.MALFORMED,
              ErrorCode.INVALID_SETTING,
              ErrorCode.PROTOCOL_VIOLATION,
              ErrorCode.LIMIT_EXCEEDED,
              ErrorCode.SCHEMA_MISMATCH,
              ErrorCode.TOO_OLD,
              ErrorCode.TOO_NEW);
    }
  }
}
