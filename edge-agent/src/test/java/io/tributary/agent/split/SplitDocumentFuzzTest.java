package io.tributary.agent.split;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.run.RunDocuments;

/** Hostile documents between the ends of a cut. */
class SplitDocumentFuzzTest {
  /** The first byte says which document the others are. */
  @FuzzTest(maxDuration = "5m")
  void read(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] document = java.util.Arrays.copyOfRange(input, 1, input.length);
    try {
      switch (input[0] & 3) {
        case 0 -> RunDocuments.fromBytes(document, SplitJoin.class);
        case 1 -> RunDocuments.fromBytes(document, SplitPlace.class);
        case 2 -> RunDocuments.fromBytes(document, SplitOutcome.class);
        default -> {
          SplitTerms terms = RunDocuments.fromBytes(document, SplitTerms.class);
          terms.cutPlan();
          terms.training();
        }
      }
    } catch (TributaryException e) {
      assertThat(e.code())
          .isIn(ErrorCode.MALFORMED, ErrorCode.INVALID_SETTING, ErrorCode.PROTOCOL_VIOLATION);
    }
  }
}
