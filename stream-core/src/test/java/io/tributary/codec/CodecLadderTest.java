package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecLadderTest {
  private final CodecRegistry registry =
      CodecRegistry.of(
          List.of(
              new TruncatingProvider(1, "raw32"),
              new TruncatingProvider(7, "whole"),
              new TruncatingProvider(8, "half")));

  private static List<String> rungs(String text) {
    return CodecLadder.parse(text).rungs().stream().map(CodecChoice::toString).toList();
  }

  @Test
  void aChoiceIsALadderOfOneRung() {
    assertThat(rungs("ecq:2b+ef")).containsExactly("ecq:2b+ef");
    assertThat(CodecLadder.parse("ecq:2b+ef").chooses()).isFalse();
    assertThat(CodecLadder.parse("automatic").chooses()).isFalse();
  }

  @Test
  void rungsGoFromTheLosslessOneToTheLast() {
    assertThat(rungs("auto")).containsExactly("raw32", "int8block", "e3m0", "ecq:2b");
    assertThat(rungs("auto:int8block:64/ecq:1.5b"))
        .containsExactly("raw32", "int8block:64", "ecq:1.5b");
    assertThat(rungs("auto:e3m0/raw32")).containsExactly("raw32", "e3m0");
    assertThat(rungs("auto:e3m0+ef:0.95")).containsExactly("raw32+ef:0.95", "e3m0+ef:0.95");
    assertThat(CodecLadder.parse("auto:e3m0@0.25+ef").worstError()).isEqualTo(0.25);
    assertThat(CodecLadder.parse("auto@1").worstError()).isEqualTo(1);
    assertThat(CodecLadder.parse("auto+ef").errorFeedback()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auto:",
        "auto@",
        "auto@2",
        "auto:e3m0+ef/ecq",
        "auto:/e3m0",
        "auto:e3m0,ecq",
        "auto+"
      })
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> CodecLadder.parse(text))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("codec");
  }

  @Test
  void aPolicyMayLeaveTheChoiceOpen() {
    CodecPolicy policy = CodecPolicy.parse("a.*=half, *=auto:whole/half", registry);
    assertThat(policy.isFixed()).isFalse();
    assertThatThrownBy(() -> policy.requireFixed("codec-down"))
        .isInstanceOf(TributaryException.class)
        .hasMessageStartingWith("codec-down: expected no auto");
    assertThatThrownBy(() -> CodecPolicy.parse("a=auto:whole, *=auto:half", registry))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("the same in all rules with auto");
    assertThatThrownBy(() -> CodecPolicy.parse("auto:whole/zip", registry))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("unknown codec 'zip'");
    assertThat(CodecPolicy.parse("whole", registry).isFixed()).isTrue();
  }

  @Test
  void feedbackOutlivesAChangeOfCodec() {
    LadderSession session = registry.session(CodecLadder.parse("auto:whole/half+ef"), 1);
    assertThat(session.rungs()).isEqualTo(3);
    var sent = new byte[1];
    session.use(1);
    session.encode(0, new float[] {0.75f}, 0, 1, sent, 0);
    assertThat(sent[0]).isZero();
    assertThat(session.codec().id().name()).isEqualTo("whole");
    session.use(2);
    session.encode(0, new float[] {0.75f}, 0, 1, sent, 0);
    assertThat(session.codec().id().name()).isEqualTo("half");
    assertThat(sent[0]).as("0.75 and the 0.75 of the round before").isOne();
  }
}
