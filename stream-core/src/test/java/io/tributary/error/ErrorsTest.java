package io.tributary.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorsTest {
  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void aCodeCrossesTheWireAndComesBack(ErrorCode code) {
    TributaryException received = Errors.fromWire(code.number(), "text");
    assertThat(received.code()).isEqualTo(code);
    assertThat(received).hasMessage("text");
    assertThat(Errors.codeOf(received)).isEqualTo(code);
    assertThat(Errors.isRetryable(received)).isEqualTo(code.retryable());
    assertThat(code.number()).isBetween(0x0101, 0x05FF);
  }

  @Test
  void numbersAreUnique() {
    assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::number)).doesNotHaveDuplicates();
  }

  @Test
  void aCodeOfANewerPeerIsNamedByNumber() {
    assertThat(ErrorCode.fromWire(0x7777)).isEmpty();
    TributaryException received = Errors.fromWire(0x7777, "something new");
    assertThat(received.code()).isEqualTo(ErrorCode.INTERNAL);
    assertThat(received).hasMessage("error 0x7777 of the peer: something new");
  }

  @Test
  void aForeignFailureIsADefect() {
    assertThat(Errors.codeOf(new IllegalStateException())).isEqualTo(ErrorCode.INTERNAL);
    assertThat(Errors.isRetryable(new IllegalStateException())).isFalse();
  }

  @Test
  void aJoinedFutureGivesItsValueOrItsOwnFailure() {
    assertThat(Errors.join(CompletableFuture.completedFuture(7))).isEqualTo(7);
    var ours = new TributaryException(ErrorCode.STORAGE, "full");
    var source = new CompletableFuture<Void>();
    CompletableFuture<?> dependent = CompletableFuture.allOf(source.thenRun(() -> {}));
    source.completeExceptionally(ours);
    assertThatThrownBy(() -> Errors.join(source)).isSameAs(ours);
    assertThatThrownBy(() -> Errors.join(dependent)).isSameAs(ours);
    var twice = new CompletableFuture<Void>();
    twice.completeExceptionally(new CompletionException(ours));
    assertThatThrownBy(() -> Errors.join(twice)).isSameAs(ours);
    var defect = new IllegalStateException("why");
    assertThatThrownBy(() -> Errors.join(CompletableFuture.failedFuture(defect)))
        .isInstanceOf(CompletionException.class)
        .hasCause(defect);
  }

  @Test
  void messagesSayWhatWhereExpectedAndFound() {
    assertThat(Errors.invalidSetting("rate", 7, "1 to 5"))
        .hasMessage("rate: expected 1 to 5, found 7");
    var cause = new IOException("disk full");
    assertThat(Errors.storage("a/b", "can't write", cause))
        .hasMessage("can't write a/b: IOException: disk full")
        .hasCause(cause);
    var malformed = new MalformedInputException(ErrorCode.MALFORMED, "HELLO", 12, "expected 1");
    assertThat(malformed).hasMessage("HELLO, byte 12: expected 1");
    assertThat(malformed.offset()).isEqualTo(12);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2, TOO_OLD, 'protocol is too old: expected a version from 3 to 5, found 1 to 2'",
    "6, 6, TOO_NEW, 'protocol is too new: expected a version from 3 to 5, found 6'"
  })
  void tooOldAndTooNewAreTwoErrors(int oldest, int newest, ErrorCode code, String message) {
    var error = UnsupportedFormatException.version("protocol", oldest, newest, 3, 5);
    assertThat(error.code()).isEqualTo(code);
    assertThat(error).hasMessage(message);
  }

  @Test
  void anUnknownCodecComesWithTheKnownOnes() {
    var error = UnsupportedFormatException.codec("lz9", List.of("raw32", "e3m0"));
    assertThat(error.code()).isEqualTo(ErrorCode.UNKNOWN_CODEC);
    assertThat(error).hasMessage("unknown codec lz9; known here: raw32, e3m0");
  }
}
