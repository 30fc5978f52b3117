package io.tributary.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tributary.codec.CodecRange;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.netty.LeakCheckingAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the decoder refuses, one field at a time, and where exactly the limits lie. */
class FrameDecoderTest {
  private static final FrameLimits LIMITS = new FrameLimits(100, 50_000, 40_000);
  private static final UUID INSTANCE = new UUID(1, 2);

  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  private final EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(LIMITS));

  @AfterEach
  void finish() {
    channel.finishAndReleaseAll();
  }

  // ---- the first frame

  @Test
  void garbageInsteadOfHelloIsMalformed() {
    ByteBuf request = allocator.buffer();
    request.writeBytes("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    assertRefused(request, ErrorCode.MALFORMED, "does not speak this protocol");
  }

  @Test
  void anotherFrameInsteadOfHelloIsMalformed() {
    assertRefused(PingFrameFlyweight.encodePing(allocator, 1), ErrorCode.MALFORMED, "HELLO");
  }

  @Test
  void aWrongMagicIsMalformed() {
    assertRefused(
        hello(1, 1).setByte(HelloFrameFlyweight.MAGIC_OFFSET, 'X'), ErrorCode.MALFORMED, "magic");
  }

  @Test
  void protocolsThatDoNotMeetAreTooOldOrTooNew() {
    assertRefused(hello(0, 0), ErrorCode.TOO_OLD, "expected a version from 1 to 2, found 0");
  }

  @Test
  void aNewerProtocolIsTooNewWhateverFollows() {
    // A HELLO of another protocol may have other fields behind the range.
    ByteBuf frame = hello(3, 9).setIntLE(HelloFrameFlyweight.CREDIT_OFFSET, -1);
    assertRefused(frame, ErrorCode.TOO_NEW, "found 3 to 9");
  }

  @Test
  void aRangeThatIncludesOursIsFine() {
    assertPasses(hello(0, 9));
  }

  @Test
  void aProtocolRangeUpsideDownIsMalformed() {
    assertRefused(hello(2, 1), ErrorCode.MALFORMED, "range of protocols");
  }

  @Test
  void theLongestHelloPasses() {
    ByteBuf frame =
        HelloFrameFlyweight.encode(
            allocator, 1, 1, INSTANCE, HelloFrameFlyweight.MAX_INITIAL_CREDIT, 256, new byte[64]);
    for (int i = 0; i < 256; i++) {
      HelloFrameFlyweight.putCodec(frame, i, i + 1, 1, 255);
    }
    frame.setBytes(frame.writerIndex() - 64, "n".repeat(64).getBytes(StandardCharsets.US_ASCII));
    assertThat(frame.readableBytes()).isEqualTo(FrameType.HELLO.maxLength());
    assertPasses(frame);
  }

  @Test
  void aHelloBeyondItsLimitsIsRefusedByName() {
    assertRefused(
        hello(1, 1).setIntLE(HelloFrameFlyweight.CREDIT_OFFSET, 65_537),
        ErrorCode.LIMIT_EXCEEDED,
        "initial credit of at most 65536, found 65537");
  }

  @Test
  void moreCodecsThanAllowedAreRefused() {
    assertRefused(
        hello(1, 1).setShortLE(HelloFrameFlyweight.CODEC_COUNT_OFFSET, 257),
        ErrorCode.LIMIT_EXCEEDED,
        "codec count of at most 256, found 257");
  }

  @Test
  void aLongerNameThanAllowedIsRefused() {
    assertRefused(
        hello(1, 1).setByte(HelloFrameFlyweight.NAME_LENGTH_OFFSET, 65),
        ErrorCode.LIMIT_EXCEEDED,
        "name length of at most 64, found 65");
  }

  @Test
  void aHelloLongerThanAnyIsRefusedOnItsHeader() {
    ByteBuf header = hello(1, 1).setIntLE(0, 1129).writerIndex(8);
    assertRefused(header, ErrorCode.LIMIT_EXCEEDED, "length of at most 1128, found 1129");
  }

  @ParameterizedTest
  @CsvSource({"0,1,1", "7,0,1", "7,2,1"})
  void aCodecWithoutNumberOrRangeIsMalformed(int number, int oldest, int newest) {
    ByteBuf frame = hello(1, 1);
    HelloFrameFlyweight.putCodec(frame, 0, number, oldest, newest);
    assertRefused(frame, ErrorCode.MALFORMED, "range of its versions");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x1F, 0x7F, 0xC3, 0xFF})
  void aNameThatIsNoPlainTextIsMalformed(int lastByte) {
    ByteBuf frame = hello(1, 1);
    frame.setByte(frame.writerIndex() - 1, lastByte);
    assertRefused(frame, ErrorCode.MALFORMED, "name");
  }

  @Test
  void anEmptyNameIsMalformed() {
    ByteBuf frame = HelloFrameFlyweight.encode(allocator, 1, 1, INSTANCE, 0, 0, new byte[0]);
    assertRefused(frame, ErrorCode.MALFORMED, "name");
  }

  @Test
  void aSecondHelloIsMalformed() {
    assertPasses(hello(1, 1));
    assertRefused(hello(1, 1), ErrorCode.MALFORMED, "one HELLO");
  }

  // ---- the header of any frame

  @ParameterizedTest
  @EnumSource(value = FrameType.class, names = "HELLO", mode = EnumSource.Mode.EXCLUDE)
  void lengthsAreCheckedOnTheHeaderAlone(FrameType type) {
    assertPasses(hello(1, 1));
    ByteBuf header = FrameHeaderFlyweight.encode(allocator, type, 0, 8, type.maxLength() + 1);
    assertRefused(header, ErrorCode.LIMIT_EXCEEDED, "length of at most " + type.maxLength());
  }

  @ParameterizedTest
  @EnumSource(value = FrameType.class, names = "HELLO", mode = EnumSource.Mode.EXCLUDE)
  void aShorterFrameThanItsTypeNeedsIsMalformed(FrameType type) {
    assertPasses(hello(1, 1));
    ByteBuf header = FrameHeaderFlyweight.encode(allocator, type, 0, 8, type.minLength() - 1);
    assertRefused(header, ErrorCode.MALFORMED, "length of at least " + type.minLength());
  }

  @Test
  void aLengthOfFourGigabytesTakesNoMemory() {
    assertPasses(hello(1, 1));
    ByteBuf header = FrameHeaderFlyweight.encode(allocator, FrameType.DATA, 0, 8, -1);
    assertRefused(header, ErrorCode.LIMIT_EXCEEDED, "found 4294967295");
    assertThat(allocator.peakBytes()).isLessThan(10_000);
  }

  @ParameterizedTest
  @EnumSource(value = FrameType.class, names = "HELLO", mode = EnumSource.Mode.EXCLUDE)
  void everyFlagThatATypeDoesNotPermitIsMalformed(FrameType type) {
    for (int bit = 1; bit < 256; bit <<= 1) {
      if ((type.flags() & bit) == 0) {
        EmbeddedChannel own = new EmbeddedChannel(new FrameDecoder(LIMITS));
        own.writeInbound(hello(1, 1));
        ByteBuf header = FrameHeaderFlyweight.encode(allocator, type, bit, 8, type.minLength());
        assertThatThrownBy(() -> own.writeInbound(header))
            .isInstanceOf(TributaryException.class)
            .hasMessageContaining("flags");
        own.finishAndReleaseAll();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0,TOO_OLD", "2,TOO_NEW", "255,TOO_NEW"})
  void anotherFrameVersionIsTooOldOrTooNew(int version, ErrorCode code) {
    assertPasses(hello(1, 1));
    assertRefused(
        PingFrameFlyweight.encodePing(allocator, 1)
            .setByte(FrameHeaderFlyweight.VERSION_OFFSET, version),
        code,
        "PING frame is too");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15, 0x0100, 0xFFFF})
  void anUnknownTypeIsMalformed(int number) {
    assertPasses(hello(1, 1));
    assertRefused(
        PingFrameFlyweight.encodePing(allocator, 1)
            .setShortLE(FrameHeaderFlyweight.TYPE_OFFSET, number),
        ErrorCode.MALFORMED,
        "frame type, found " + number);
  }

  @Test
  void nothingAfterTheFirstOffenceIsRead() {
    assertPasses(hello(1, 1));
    assertRefused(CloseFrameFlyweight.encode(allocator, 0, 1), ErrorCode.MALFORMED, "stream id");
    channel.writeInbound(PingFrameFlyweight.encodePing(allocator, 1));
    assertThat(channel.<Object>readInbound()).isNull();
  }

  // ---- fields

  @Test
  void streamIdsAreFromOneToTwoToTheThirtyOne() {
    assertPasses(hello(1, 1));
    assertPasses(CloseFrameFlyweight.encode(allocator, 1, 0));
    assertPasses(CloseFrameFlyweight.encode(allocator, Integer.MAX_VALUE, Integer.MAX_VALUE));
    assertPasses(ErrorFrameFlyweight.encode(allocator, 0, 1, ""));
    assertRefused(
        CloseFrameFlyweight.encode(allocator, -1, 0), ErrorCode.MALFORMED, "found 4294967295");
  }

  @ParameterizedTest
  @EnumSource(
      value = FrameType.class,
      names = {"CLOSE", "CANCEL", "CREDIT", "ACK", "RESUME", "OPEN"})
  void streamZeroIsTheConnectionAndHasNoStreamFrames(FrameType type) {
    assertPasses(hello(1, 1));
    ByteBuf frame = FrameHeaderFlyweight.encode(allocator, type, 0, type.minLength());
    frame.setZero(8, type.minLength() - 8);
    assertRefused(frame, ErrorCode.MALFORMED, "stream id from 1");
  }

  @Test
  void aCreditOfNothingIsMalformed() {
    assertPasses(hello(1, 1));
    assertRefused(CreditFrameFlyweight.encode(allocator, 1, 0), ErrorCode.MALFORMED, "from 1");
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 19, 23, 27, 31, 39})
  void openRefusesReservedBytesAndTopBits(int offset) {
    assertPasses(hello(1, 1));
    ByteBuf frame = OpenFrameFlyweight.encode(allocator, false, 1, 1, 64, 0, 0, 0, 0, 0);
    assertRefused(frame.setByte(offset, 0x80), ErrorCode.MALFORMED, "OPEN frame");
  }

  @Test
  void openWithFarEndRefusesWhatItsFieldsContradict() {
    assertPasses(hello(1, 1));
    assertPasses(openFar());
    assertRefused(
        openFar().setByte(FrameHeaderFlyweight.FLAGS_OFFSET, 0x0c), ErrorCode.MALFORMED, "R or F");
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 41, 42, 44, 46, 47, 48})
  void openWithFarEndRefusesBadFields(int offset) {
    assertPasses(hello(1, 1));
    ByteBuf frame = openFar();
    // Zero is no codec, no version, no name and no length; where it is right, one is wrong.
    assertRefused(frame.setByte(offset, offset == 41 ? 1 : 0), ErrorCode.MALFORMED, "OPEN frame");
  }

  @Test
  void openWithoutFarEndHasNoMoreFields() {
    assertPasses(hello(1, 1));
    assertRefused(
        openFar().setByte(FrameHeaderFlyweight.FLAGS_OFFSET, 0), ErrorCode.MALFORMED, "without F");
  }

  private ByteBuf openFar() {
    return OpenFrameFlyweight.encodeFar(
        allocator, 1, 4, 32, 0, 0, 0, 0, 0, new byte[] {'a'}, List.of(new CodecRange(1, 1, 1)));
  }

  @Test
  void cancelRefusesReservedBytes() {
    assertPasses(hello(1, 1));
    assertRefused(
        CancelFrameFlyweight.encode(allocator, 1, 1).setByte(15, 1),
        ErrorCode.MALFORMED,
        "reserved");
  }

  @Test
  void messageRefusesReservedBytesEvenWithARightChecksum() {
    assertPasses(hello(1, 1));
    ByteBuf frame = MessageFrameFlyweight.encode(allocator, 1, new byte[10], 0, 10);
    frame.setByte(11, 1);
    frame.setIntLE(20, FrameChecksum.compute(frame, 8, 12, frame, 24, 10));
    assertRefused(frame, ErrorCode.MALFORMED, "reserved");
  }

  @Test
  void anErrorsTextFillsItsFrame() {
    assertPasses(hello(1, 1));
    assertPasses(ErrorFrameFlyweight.encode(allocator, 0, 1, "x".repeat(1024)));
    assertRefused(
        ErrorFrameFlyweight.encode(allocator, 0, 1, "xyz").setShortLE(14, 2),
        ErrorCode.MALFORMED,
        "text of 3 bytes, found 2");
  }

  @Test
  void aFlippedBitInDataIsMalformed() {
    for (int bit = 8 * 8; bit < 8 * 52; bit += 5) {
      EmbeddedChannel own = new EmbeddedChannel(new FrameDecoder(LIMITS));
      own.writeInbound(hello(1, 1));
      ByteBuf frame = data(4, 0, 4, 1);
      frame.setByte(bit / 8, frame.getByte(bit / 8) ^ 1 << bit % 8);
      assertThatThrownBy(() -> own.writeInbound(frame)).hasMessageContaining("checksum");
      own.finishAndReleaseAll();
    }
  }

  @Test
  void aFlippedBitInAMessageIsMalformed() {
    assertPasses(hello(1, 1));
    ByteBuf frame = MessageFrameFlyweight.encode(allocator, 1, new byte[100], 0, 100);
    assertRefused(frame.setByte(60, 1), ErrorCode.MALFORMED, "checksum");
  }

  @Test
  void chunksAtTheLimitsPass() {
    assertPasses(hello(1, 1));
    assertPasses(data(50_000, 0, 16_384, 100));
    assertPasses(data(50_000, 49_999, 1, 100));
    assertPasses(data(0, 0, 0, 1));
  }

  @Test
  void oneElementMoreIsRefused() {
    assertPasses(hello(1, 1));
    assertRefused(
        data(4, 0, 4, 101), ErrorCode.LIMIT_EXCEEDED, "element count of at most 100, found 101");
  }

  @Test
  void noElementIsMalformed() {
    assertPasses(hello(1, 1));
    assertRefused(data(4, 0, 4, 0), ErrorCode.MALFORMED, "at least one element");
  }

  @Test
  void oneEncodedByteMoreIsRefused() {
    assertPasses(hello(1, 1));
    assertRefused(data(50_001, 0, 4, 1), ErrorCode.LIMIT_EXCEEDED, "at most 50000, found 50001");
  }

  @Test
  void anEmptyPieceOfAChunkIsMalformed() {
    assertPasses(hello(1, 1));
    assertRefused(data(10, 3, 0, 1), ErrorCode.MALFORMED, "expected a payload, found none");
  }

  @ParameterizedTest
  @CsvSource({"10,0,4,0", "10,0,4,3", "10,4,2,1", "10,4,2,2", "10,8,2,0", "10,0,10,1", "0,0,0,1"})
  void beginAndEndMarkTheEdgesAndNothingElse(int encoded, int offset, int length, int flags) {
    assertPasses(hello(1, 1));
    assertRefused(
        data(encoded, offset, length, 1).setByte(FrameHeaderFlyweight.FLAGS_OFFSET, flags),
        ErrorCode.MALFORMED,
        "B and E");
  }

  @Test
  void messagesAtTheLimitPassAndBeyondItDoNot() {
    assertPasses(hello(1, 1));
    assertPasses(MessageFrameFlyweight.encode(allocator, 0xFFFF, new byte[40_000], 39_999, 1));
    assertPasses(MessageFrameFlyweight.encode(allocator, 0, new byte[0], 0, 0));
    assertRefused(
        MessageFrameFlyweight.encode(allocator, 1, new byte[40_001], 0, 1),
        ErrorCode.LIMIT_EXCEEDED,
        "message length of at most 40000, found 40001");
  }

  @Test
  void anEmptyPieceOfAMessageIsMalformed() {
    assertPasses(hello(1, 1));
    assertRefused(
        MessageFrameFlyweight.encode(allocator, 1, new byte[10], 5, 0),
        ErrorCode.MALFORMED,
        "expected a payload within 10 bytes");
  }

  private void assertPasses(ByteBuf frame) {
    channel.writeInbound(frame);
    ByteBuf read = channel.readInbound();
    assertThat(read).isNotNull();
    read.release();
  }

  private void assertRefused(ByteBuf frame, ErrorCode code, String text) {
    assertThatThrownBy(() -> channel.writeInbound(frame))
        .isInstanceOfSatisfying(TributaryException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(text);
    assertThat(channel.<Object>readInbound()).isNull();
  }

  private ByteBuf hello(int oldest, int newest) {
    byte[] name = "n".repeat(64).getBytes(StandardCharsets.US_ASCII);
    ByteBuf frame = HelloFrameFlyweight.encode(allocator, oldest, newest, INSTANCE, 1, 1, name);
    HelloFrameFlyweight.putCodec(frame, 0, 1, 1, 1);
    return frame;
  }

  private ByteBuf data(int encodedLength, int offset, int length, int count) {
    ByteBuf encoded = allocator.buffer(Math.max(1, encodedLength)).writeZero(encodedLength);
    ByteBuf frame =
        DataFrameFlyweight.encodeHeader(
            allocator, 1, 0, 1, 1, 0, 0, count, encoded, offset, length);
    ByteBuf whole = allocator.buffer().writeBytes(frame).writeBytes(encoded, offset, length);
    frame.release();
    encoded.release();
    return whole;
  }
}
