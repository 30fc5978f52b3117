package io.tributary.link;

import static io.tributary.frame.FrameType.ACK;
import static io.tributary.frame.FrameType.CANCEL;
import static io.tributary.frame.FrameType.CLOSE;
import static io.tributary.frame.FrameType.CREDIT;
import static io.tributary.frame.FrameType.DATA;
import static io.tributary.frame.FrameType.ERROR;
import static io.tributary.frame.FrameType.HELLO;
import static io.tributary.frame.FrameType.OPEN;
import static io.tributary.frame.FrameType.PONG;
import static io.tributary.frame.FrameType.RESUME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.frame.AckFrameFlyweight;
import io.tributary.frame.CancelFrameFlyweight;
import io.tributary.frame.CloseFrameFlyweight;
import io.tributary.frame.CreditFrameFlyweight;
import io.tributary.frame.DataFrameFlyweight;
import io.tributary.frame.ErrorFrameFlyweight;
import io.tributary.frame.FrameHeaderFlyweight;
import io.tributary.frame.FrameType;
import io.tributary.frame.MessageFrameFlyweight;
import io.tributary.frame.OpenFrameFlyweight;
import io.tributary.frame.PingFrameFlyweight;
import io.tributary.frame.RandomFrames;
import io.tributary.frame.ResumeFrameFlyweight;
import io.tributary.netty.LeakCheckingAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.StepVerifier;

/** The state machine of section 5 of {@code docs/wire-format.md}, frame by frame. */
class StreamStateTest {
  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  private EmbeddedLink side;

  @BeforeEach
  void greet() {
    side = new EmbeddedLink(TestOptions.of("server", allocator));
    side.read(hello(allocator, 2));
    assertThat(side.written()).containsExactly(HELLO);
  }

  private static ByteBuf hello(LeakCheckingAllocator allocator, int credit) {
    ByteBuf frame = new RandomFrames(allocator, new Random(1), 1).hello();
    return frame.setIntLE(32, credit);
  }

  @AfterEach
  void finish() {
    side.finish();
  }

  // ---- receiving

  @Test
  void aWholeStreamIsReceived() {
    side.read(open(1, false, 2));
    InboundStream stream = stream();
    side.read(data(1, 0, 1, 10, 0, 10));
    side.read(data(1, 1, 1, 10, 0, 4));
    side.read(data(1, 1, 1, 10, 4, 6));
    side.read(CloseFrameFlyweight.encode(allocator, 1, 2));
    StepVerifier.create(stream.chunks())
        .assertNext(chunk -> released(chunk, 10))
        .assertNext(chunk -> released(chunk, 10))
        .verifyComplete();
    stream.acknowledge();
    assertThat(side.written()).as("demand was within the credit").containsExactly(ACK);
  }

  @Test
  void demandBeyondTheInitialCreditBecomesCredit() {
    side.read(open(1, false, 10));
    StepVerifier.create(stream().chunks(), 2)
        .then(() -> assertThat(side.written()).isEmpty())
        .thenRequest(3)
        .then(() -> assertFrame(CREDIT, 3))
        .thenRequest(Long.MAX_VALUE)
        .then(() -> assertFrame(CREDIT, 5))
        .thenCancel()
        .verify();
    assertThat(side.written()).containsExactly(CANCEL);
  }

  @Test
  void aChunkBeyondTheCreditKillsItsStreamOnly() {
    side.read(open(1, false, 9));
    InboundStream stream = stream();
    side.read(data(1, 0, 1, 10, 0, 10));
    side.read(data(1, 1, 1, 10, 0, 10));
    assertThat(side.written()).isEmpty();
    side.read(data(1, 2, 1, 10, 0, 10));
    assertError(1, ErrorCode.CREDIT_EXCEEDED, "at most 2 chunks");
    StepVerifier.create(stream.chunks())
        .verifyErrorMatches(e -> Errors.codeOf(e) == ErrorCode.CREDIT_EXCEEDED);
    assertLives();
  }

  @Test
  void anUnknownCodecKillsItsStreamOnlyAndListsTheKnownOnes() {
    side.read(open(1, false, 9));
    InboundStream stream = stream();
    side.read(data(1, 0, 2, 100, 0, 10));
    assertError(1, ErrorCode.UNKNOWN_CODEC, "0x0002 version 1; known here: 0x0001 v1..1");
    side.read(data(1, 0, 2, 100, 10, 90));
    assertThat(side.written()).as("what was on its way").isEmpty();
    StepVerifier.create(stream.chunks())
        .verifyErrorMatches(e -> Errors.codeOf(e) == ErrorCode.UNKNOWN_CODEC);
    assertThat(side.link().counters().framesLate()).isEqualTo(1);
    assertLives();
  }

  @Test
  void aCodecVersionThatIsNotListedIsUnknownToo() {
    side.read(open(1, false, 9));
    side.read(patched(data(1, 0, 1, 10, 0, 10), 10, 2));
    assertError(1, ErrorCode.UNKNOWN_CODEC, "0x0001 version 2");
    assertLives();
  }

  @Test
  void anotherElementTypeKillsItsStreamOnly() {
    side.read(open(1, false, 9));
    side.read(patched(data(1, 0, 1, 10, 0, 10), 11, 7));
    assertError(1, ErrorCode.UNKNOWN_CODEC, "found 7");
    assertLives();
  }

  @Test
  void moreChunksThanAnnouncedKillTheStream() {
    side.read(open(1, false, 1));
    side.read(data(1, 0, 1, 10, 0, 10));
    side.read(data(1, 1, 1, 10, 0, 10));
    assertError(1, ErrorCode.PROTOCOL_VIOLATION, "expected 1 chunks, found chunk 1");
    assertLives();
  }

  @ParameterizedTest
  @CsvSource({"1,0,1", "2,1,1", "2,1,2", "1,1,2"})
  void aCloseThatContradictsTheStreamKillsIt(int announced, int sent, int said) {
    side.read(open(1, false, announced));
    for (int i = 0; i < sent; i++) {
      side.read(data(1, i, 1, 10, 0, 10));
    }
    assertCloseIsRefused(said);
  }

  @Test
  void aCloseInTheMiddleOfAChunkKillsTheStream() {
    side.read(open(1, false, 1));
    side.read(data(1, 0, 1, 10, 0, 9));
    assertCloseIsRefused(1);
  }

  private void assertCloseIsRefused(int said) {
    InboundStream stream = stream();
    side.read(CloseFrameFlyweight.encode(allocator, 1, said));
    assertError(1, ErrorCode.PROTOCOL_VIOLATION, "CLOSE of stream 1");
    StepVerifier.create(stream.chunks())
        .verifyErrorMatches(e -> Errors.codeOf(e) == ErrorCode.PROTOCOL_VIOLATION);
    assertLives();
  }

  @Test
  void dataAfterCloseKillsTheStream() {
    side.read(open(1, false, 0));
    side.read(CloseFrameFlyweight.encode(allocator, 1, 0));
    side.read(data(1, 0, 1, 10, 0, 10));
    assertError(1, ErrorCode.PROTOCOL_VIOLATION, "after its CLOSE");
    assertLives();
  }

  @Test
  void aRepeatedStreamIsResumedWhereTheReceiverWants() {
    side.read(open(1, true, 5));
    InboundStream stream = stream();
    assertThat(stream.repeated()).isTrue();
    stream.resumeAt(3);
    assertFrame(RESUME, 3);
    assertThatThrownBy(() -> stream.resumeAt(3)).isInstanceOf(IllegalStateException.class);
    StepVerifier.create(stream.chunks(), 9)
        .then(() -> side.read(data(1, 3, 1, 10, 0, 10)))
        .assertNext(chunk -> released(chunk, 10))
        .then(() -> side.read(data(1, 4, 1, 11, 0, 11)))
        .assertNext(chunk -> released(chunk, 11))
        .then(() -> side.read(CloseFrameFlyweight.encode(allocator, 1, 5)))
        .verifyComplete();
    assertThat(side.written()).as("two chunks are the initial credit").isEmpty();
  }

  @Test
  void aRepeatedStreamThatNobodyResumesStartsFromTheFirstChunk() {
    side.read(open(1, true, 5));
    StepVerifier.create(stream().chunks(), 0)
        .expectSubscription()
        .then(() -> assertFrame(RESUME, 0))
        .thenRequest(5)
        .then(() -> assertFrame(CREDIT, 3))
        .thenCancel()
        .verify();
    assertThat(side.written()).containsExactly(CANCEL);
  }

  @Test
  void dataBeforeResumeKillsTheStream() {
    side.read(open(1, true, 5));
    side.read(data(1, 0, 1, 10, 0, 10));
    assertError(1, ErrorCode.PROTOCOL_VIOLATION, "waits for RESUME");
    assertLives();
  }

  @Test
  void aFirstTransmissionCannotBeResumed() {
    side.read(open(1, false, 5));
    InboundStream stream = stream();
    assertThatThrownBy(() -> stream.resumeAt(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aDemandOfNothingFailsTheSubscriberAndEndsTheStream() {
    side.read(open(1, false, 5));
    CompletableFuture<Throwable> failed = new CompletableFuture<>();
    stream()
        .chunks()
        .subscribe(
            new BaseSubscriber<EncodedChunk>() {
              @Override
              protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(0);
              }

              @Override
              protected void hookOnError(Throwable failure) {
                failed.complete(failure);
              }
            });
    assertThat(failed).isCompletedWithValueMatching(e -> e instanceof IllegalArgumentException);
    assertThat(side.written()).containsExactly(CANCEL);
    assertLives();
  }

  // ---- pieces that don't fit end the connection: nobody can tell what they belong to

  @Test
  void aChunkOutOfOrderEndsTheConnection() {
    side.read(open(1, false, 5));
    side.read(data(1, 1, 1, 10, 0, 10));
    assertError(0, ErrorCode.MALFORMED, "expected chunk 0, found chunk 1");
  }

  @Test
  void aChunkWithoutBeginningEndsTheConnection() {
    side.read(open(1, false, 5));
    side.read(data(1, 0, 1, 10, 4, 6));
    assertError(0, ErrorCode.MALFORMED, "expected the beginning of chunk 0");
  }

  @Test
  void aGapInAChunkEndsTheConnection() {
    side.read(open(1, false, 5));
    side.read(data(1, 0, 1, 10, 0, 4));
    side.read(data(1, 0, 1, 10, 5, 5));
    assertError(0, ErrorCode.MALFORMED, "expected byte 4 of chunk 0");
  }

  @Test
  void aChunkThatChangesItsMindEndsTheConnection() {
    side.read(open(1, false, 5));
    InboundStream stream = stream();
    side.read(data(1, 0, 1, 10, 0, 4));
    side.read(data(1, 0, 1, 11, 4, 7));
    assertError(0, ErrorCode.MALFORMED, "as it began");
    StepVerifier.create(stream.chunks())
        .verifyErrorMatches(e -> Errors.codeOf(e) == ErrorCode.CONNECTION_LOST);
    assertThat(side.handler.disconnected)
        .singleElement()
        .matches(e -> Errors.codeOf(e) == ErrorCode.MALFORMED);
  }

  @Test
  void messagesThatMixEndTheConnection() {
    side.read(MessageFrameFlyweight.encode(allocator, 1, new byte[10], 0, 4));
    side.read(MessageFrameFlyweight.encode(allocator, 2, new byte[10], 4, 6));
    assertError(0, ErrorCode.MALFORMED, "of kind 1, found byte 4 of 10 of kind 2");
  }

  // ---- ids

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 1})
  void idsHaveTheOpenersParityAndAscend(int id) {
    side.read(open(3, false, 5));
    side.read(open(id, false, 5));
    assertError(0, ErrorCode.MALFORMED, "expected an odd stream id above 3, found " + id);
  }

  @Test
  void framesOfStreamsThatNeverWereAreAnswered() {
    side.read(data(1, 0, 1, 10, 0, 10));
    assertError(1, ErrorCode.UNKNOWN_STREAM, "never opened");
    side.read(CreditFrameFlyweight.encode(allocator, 2, 1));
    assertError(2, ErrorCode.UNKNOWN_STREAM, "never opened");
    side.read(AckFrameFlyweight.encode(allocator, 4, 1, true));
    side.read(ResumeFrameFlyweight.encode(allocator, 4, 1));
    side.read(CloseFrameFlyweight.encode(allocator, 4, 1));
    assertThat(side.written()).containsExactly(ERROR, ERROR, ERROR);
    side.read(CancelFrameFlyweight.encode(allocator, 4, 1));
    side.read(ErrorFrameFlyweight.encode(allocator, 4, 1, "x"));
    assertThat(side.written()).as("endings are never answered").isEmpty();
    assertLives();
  }

  @Test
  void framesOfStreamsThatHaveEndedAreDropped() {
    side.read(open(1, false, 5));
    stream().reject(ErrorCode.RUN_FULL, "full");
    assertError(1, ErrorCode.RUN_FULL, "full");
    side.read(data(1, 0, 1, 10, 0, 10));
    side.read(CloseFrameFlyweight.encode(allocator, 1, 5));
    assertThat(side.written()).isEmpty();
    assertThat(side.link().counters().framesLate()).isEqualTo(2);
    assertLives();
  }

  @Test
  void anUnknownKindOfStreamIsRefused() {
    side.read(OpenFrameFlyweight.encode(allocator, false, 1, 99, 0, 0, 0, 0, 1, 0));
    assertError(1, ErrorCode.PROTOCOL_VIOLATION, "unknown stream kind 99");
    assertLives();
  }

  @Test
  void moreStreamsThanAllowedAreRefusedAndRoomComesBack() {
    int most = TestOptions.of("any", allocator).maxStreams();
    for (int i = 0; i < most; i++) {
      side.read(open(2 * i + 1, false, 5));
    }
    assertThat(side.written()).isEmpty();
    side.read(open(2 * most + 1, false, 5));
    assertError(2 * most + 1, ErrorCode.LIMIT_EXCEEDED, "at most " + most + " open streams");
    stream().acknowledge();
    assertThat(side.written()).containsExactly(ACK);
    side.read(open(2 * most + 3, false, 5));
    assertThat(side.written()).isEmpty();
    assertLives();
  }

  // ---- sending

  @Test
  void aWholeStreamIsSentAsCreditAllows() {
    var sent = send(false, 4, 20_000);
    assertThat(side.written()).containsExactly(OPEN, DATA, DATA, DATA, DATA);
    side.read(CreditFrameFlyweight.encode(allocator, 2, 1));
    assertThat(side.written()).containsExactly(DATA, DATA);
    side.read(CreditFrameFlyweight.encode(allocator, 2, 5));
    assertThat(side.written()).containsExactly(DATA, DATA, CLOSE);
    side.read(AckFrameFlyweight.encode(allocator, 2, 2, false));
    assertThat(sent).isNotDone();
    side.read(AckFrameFlyweight.encode(allocator, 2, 4, true));
    assertThat(sent).isCompleted();
  }

  @Test
  void aRepeatedStreamWaitsForResumeAndBeginsThere() {
    var sent = send(true, 4, 100);
    assertThat(side.written()).containsExactly(OPEN);
    side.read(ResumeFrameFlyweight.encode(allocator, 2, 3));
    ByteBuf frame = side.next();
    assertThat(frame).isNotNull();
    assertThat(DataFrameFlyweight.chunk(frame)).isEqualTo(3);
    assertThat(DataFrameFlyweight.first(frame)).isEqualTo(3);
    frame.release();
    assertThat(side.written()).containsExactly(CLOSE);
    side.read(AckFrameFlyweight.encode(allocator, 2, 4, true));
    assertThat(sent).isCompleted();
  }

  @Test
  void aRepeatedStreamOfWhichNothingLacksIsClosedAtOnce() {
    var sent = send(true, 4, 100);
    side.read(ResumeFrameFlyweight.encode(allocator, 2, 4));
    assertThat(side.written()).containsExactly(OPEN, CLOSE);
    side.read(AckFrameFlyweight.encode(allocator, 2, 4, true));
    assertThat(sent).isCompleted();
  }

  @Test
  void resumeThatMakesNoSenseEndsTheStream() {
    assertSenseless(send(false, 4, 100), ResumeFrameFlyweight.encode(allocator, 2, 0));
    assertSenseless(send(true, 4, 100), ResumeFrameFlyweight.encode(allocator, 4, 5));
    var third = send(true, 4, 100);
    side.read(ResumeFrameFlyweight.encode(allocator, 6, 0));
    side.written();
    assertSenseless(third, ResumeFrameFlyweight.encode(allocator, 6, 0));
    assertLives();
  }

  @Test
  void anAckOfChunksThatWereNotSentEndsTheStream() {
    assertSenseless(send(false, 4, 100), AckFrameFlyweight.encode(allocator, 2, 3, false));
    assertSenseless(send(false, 4, 100), AckFrameFlyweight.encode(allocator, 4, 5, true));
    assertLives();
  }

  private void assertSenseless(CompletableFuture<Void> sent, ByteBuf frame) {
    side.written();
    side.read(frame);
    assertThat(sent).isCompletedExceptionally();
    assertThat(sent.handle((done, failure) -> failure).join())
        .matches(e -> Errors.codeOf(e) == ErrorCode.PROTOCOL_VIOLATION);
    assertThat(side.written()).containsExactly(CANCEL);
  }

  @Test
  void thePeersErrorFailsTheSender() {
    var sent = send(false, 4, 100);
    side.written();
    side.read(ErrorFrameFlyweight.encode(allocator, 2, 0x0402, "closed"));
    assertThat(sent.handle((done, failure) -> failure).join())
        .matches(e -> Errors.codeOf(e) == ErrorCode.WRONG_VERSION)
        .hasMessageContaining("fuzz")
        .hasMessageContaining("closed");
    assertThat(side.written()).isEmpty();
    assertLives();
  }

  @Test
  void thePeersErrorOfTheConnectionEndsIt() {
    var sent = send(false, 4, 100);
    side.written();
    side.read(ErrorFrameFlyweight.encode(allocator, 0, 0x0101, "nonsense"));
    assertThat(sent.handle((done, failure) -> failure).join()).matches(e -> Errors.isRetryable(e));
    assertThat(side.handler.disconnected)
        .singleElement()
        .matches(e -> Errors.codeOf(e) == ErrorCode.MALFORMED);
  }

  @Test
  void anErrorCodeOfTheFutureIsInternal() {
    var sent = send(false, 4, 100);
    side.read(ErrorFrameFlyweight.encode(allocator, 2, 0x7777, "new"));
    assertThat(sent.handle((done, failure) -> failure).join())
        .matches(e -> Errors.codeOf(e) == ErrorCode.INTERNAL)
        .hasMessageContaining("0x7777");
  }

  @Test
  void idsAreGivenInTheOrderOfOpening() {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      assertThat(send(false, 0, 0)).isNotDone();
    }
    for (ByteBuf frame = side.next(); frame != null; frame = side.next()) {
      if (FrameHeaderFlyweight.type(frame) == OPEN) {
        ids.add(OpenFrameFlyweight.stream(frame));
      }
      frame.release();
    }
    assertThat(ids).containsExactly(2, 4, 6);
  }

  // ---- the connection

  @Test
  void pingsAreAnsweredWithTheirNonce() {
    side.read(PingFrameFlyweight.encodePing(allocator, 99));
    ByteBuf frame = side.next();
    assertThat(frame).isNotNull();
    assertThat(FrameHeaderFlyweight.type(frame)).isEqualTo(PONG);
    assertThat(PingFrameFlyweight.nonce(frame)).isEqualTo(99);
    frame.release();
    side.read(PingFrameFlyweight.encodePong(allocator, 12345));
    assertLives();
  }

  // ---- helpers

  private CompletableFuture<Void> send(boolean repeated, int chunks, int length) {
    return side.link()
        .send(
            LoopbackPair.header(StreamKind.AGGREGATE, chunks),
            repeated,
            LoopbackPair.chunks(allocator, chunks, length))
        .toFuture();
  }

  private InboundStream stream() {
    InboundStream stream = side.handler.streams.poll();
    assertThat(stream).isNotNull();
    return stream;
  }

  private ByteBuf open(int id, boolean repeated, int chunks) {
    return OpenFrameFlyweight.encode(allocator, repeated, id, 1, 64, 0, 0, 0, chunks, 0);
  }

  private ByteBuf data(int stream, int chunk, int codec, int encoded, int offset, int length) {
    ByteBuf bytes = allocator.buffer(encoded).writeZero(encoded);
    ByteBuf header =
        DataFrameFlyweight.encodeHeader(
            allocator, stream, chunk, codec, 1, 0, 0, 1, bytes, offset, length);
    ByteBuf frame = allocator.buffer().writeBytes(header).writeBytes(bytes, offset, length);
    header.release();
    bytes.release();
    return frame;
  }

  /** Changes one byte of a DATA frame's header and makes the checksum right again. */
  private static ByteBuf patched(ByteBuf frame, int offset, int value) {
    frame.setByte(offset, value);
    int payload = DataFrameFlyweight.payloadLength(frame);
    return frame.setIntLE(
        44, io.tributary.frame.FrameChecksum.compute(frame, 8, 36, frame, 48, payload));
  }

  private static void released(EncodedChunk chunk, int length) {
    assertThat(chunk.encodedLength()).isEqualTo(length);
    chunk.release();
  }

  private void assertFrame(FrameType type, int number) {
    ByteBuf frame = side.next();
    assertThat(frame).isNotNull();
    assertThat(FrameHeaderFlyweight.type(frame)).isEqualTo(type);
    assertThat(frame.getIntLE(12)).isEqualTo(number);
    frame.release();
  }

  private void assertError(int stream, ErrorCode code, String text) {
    ByteBuf frame = side.next();
    assertThat(frame).isNotNull();
    assertThat(FrameHeaderFlyweight.type(frame)).isEqualTo(ERROR);
    assertThat(ErrorFrameFlyweight.stream(frame)).isEqualTo(stream);
    assertThat(ErrorFrameFlyweight.code(frame)).isEqualTo(code.number());
    assertThat(ErrorFrameFlyweight.text(frame)).contains(text);
    frame.release();
    assertThat(side.handler.disconnected).hasSize(stream == 0 ? 1 : 0);
  }

  private void assertLives() {
    side.written();
    side.read(PingFrameFlyweight.encodePing(allocator, 1));
    assertThat(side.written()).containsExactly(PONG);
    assertThat(side.handler.disconnected).isEmpty();
  }
}
