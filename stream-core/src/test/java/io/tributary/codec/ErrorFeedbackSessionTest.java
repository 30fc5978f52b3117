package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ErrorFeedbackSessionTest {
  private final TensorCodec codec = new TruncatingProvider(7, "whole").create(Backend.SCALAR, "");

  @Test
  void whatRoundingLosesArrivesLater() {
    var session = new ErrorFeedbackSession(() -> codec, 1, 1);
    var sent = new byte[4];
    for (int round = 0; round < 4; round++) {
      session.encode(0, new float[] {0.75f}, 0, 1, sent, round);
    }
    assertThat(sent).containsExactly(0, 1, 1, 1);
  }

  @Test
  void residualBelongsToAnElementOfTheTensor() {
    var session = new ErrorFeedbackSession(() -> codec, 1, 5);
    var sent = new byte[2];
    session.encode(3, new float[] {9f, 0.5f, 0.25f}, 1, 2, sent, 0);
    session.encode(3, new float[] {0.5f, 0.5f}, 0, 2, sent, 0);
    assertThat(sent).containsExactly(1, 0);
    session.encode(0, new float[] {0.5f, 0.5f}, 0, 2, sent, 0);
    assertThat(sent).containsExactly(0, 0);
  }

  @Test
  void savedSessionContinuesBitForBit() throws IOException {
    int elements = 5000;
    var one = new ErrorFeedbackSession(() -> codec, 1, elements);
    var values = TensorCorpus.Row.GAUSSIAN.values(elements);
    one.encode(0, values, 0, elements, new byte[elements], 0);
    var other = new ErrorFeedbackSession(() -> codec, 1, elements);
    other.restore(new DataInputStream(new ByteArrayInputStream(saved(one))));
    var bytesOfOne = new byte[elements];
    var bytesOfOther = new byte[elements];
    one.encode(0, values, 0, elements, bytesOfOne, 0);
    other.encode(0, values, 0, elements, bytesOfOther, 0);
    assertThat(bytesOfOther).isEqualTo(bytesOfOne);
    assertThat(saved(other)).isEqualTo(saved(one)).hasSize(4 + 4 * elements);
  }

  @Test
  void stateOfAnotherTensorIsRefused() throws IOException {
    byte[] state = saved(new ErrorFeedbackSession(() -> codec, 1, 4));
    var session = new ErrorFeedbackSession(() -> codec, 1, 5);
    assertThatThrownBy(() -> session.restore(new DataInputStream(new ByteArrayInputStream(state))))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
        .hasMessageContaining("expected 5 elements, found 4");
  }

  @Test
  void failureLeavesTheResidualAlone() throws IOException {
    var session = new ErrorFeedbackSession(() -> codec, 1, 2);
    session.encode(0, new float[] {0.5f, 0.5f}, 0, 2, new byte[2], 0);
    byte[] before = saved(session);
    assertThatThrownBy(() -> session.encode(0, new float[] {0.5f, 0.5f}, 0, 2, new byte[1], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> session.encode(1, new float[] {0.5f, 0.5f}, 0, 2, new byte[2], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(saved(session)).isEqualTo(before);
  }

  @Test
  void whatIsNotFiniteLeavesNoResidual() {
    var session = new ErrorFeedbackSession(() -> codec, 1, 1);
    var sent = new byte[1];
    session.encode(0, new float[] {Float.NaN}, 0, 1, sent, 0);
    session.encode(0, new float[] {3f}, 0, 1, sent, 0);
    assertThat(sent).containsExactly(3);
  }

  private static byte[] saved(CodecSession session) throws IOException {
    var out = new ByteArrayOutputStream();
    session.save(new DataOutputStream(out));
    return out.toByteArray();
  }

  @Test
  void aShareOfWhatIsLostFades() {
    var session = new ErrorFeedbackSession(() -> codec, 0.5f, 1);
    var sent = new byte[1];
    session.encode(0, new float[] {0.75f}, 0, 1, sent, 0);
    session.encode(0, new float[] {0.5f}, 0, 1, sent, 0);
    assertThat(sent[0]).as("0.5 + 0.375").isZero();
    session.encode(0, new float[] {0.5625f}, 0, 1, sent, 0);
    assertThat(sent[0]).as("0.5625 + 0.4375").isOne();
    assertThat(CodecChoice.parse("whole+ef:0.5").feedback()).isEqualTo(0.5f);
    assertThat(CodecChoice.parse("whole+ef:0.5")).hasToString("whole+ef:0.5");
    assertThat(CodecChoice.parse("whole+ef")).hasToString("whole+ef");
    assertThat(CodecChoice.parse("whole").errorFeedback()).isFalse();
  }
}
