package io.tributary.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tributary.codec.CodecRange;
import io.tributary.error.ErrorCode;
import io.tributary.netty.LeakCheckingAllocator;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every frame against the bytes that were typed by hand into {@code docs/wire-format.md}. */
class FrameBytesTest {
  private static final WireFormatPage PAGE = WireFormatPage.read();
  private static final FrameLimits LIMITS = new FrameLimits(1 << 20, 8 << 20, 4 << 20);

  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  private ByteBuf frame = Unpooled.EMPTY_BUFFER;

  @AfterEach
  void release() {
    frame.release();
  }

  @Test
  void hello() {
    UUID instance = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    frame =
        HelloFrameFlyweight.encode(
            allocator, 1, 1, instance, 2, 2, "agent-7".getBytes(StandardCharsets.UTF_8));
    HelloFrameFlyweight.putCodec(frame, 0, 1, 1, 1);
    HelloFrameFlyweight.putCodec(frame, 1, 3, 1, 2);
    assertIsExample("HELLO");
    shift();
    assertThat(HelloFrameFlyweight.oldest(frame)).isEqualTo(1);
    assertThat(HelloFrameFlyweight.newest(frame)).isEqualTo(1);
    assertThat(HelloFrameFlyweight.instance(frame)).isEqualTo(instance);
    assertThat(HelloFrameFlyweight.initialCredit(frame)).isEqualTo(2);
    assertThat(HelloFrameFlyweight.codecCount(frame)).isEqualTo(2);
    assertThat(HelloFrameFlyweight.codecNumber(frame, 1)).isEqualTo(3);
    assertThat(HelloFrameFlyweight.codecOldest(frame, 1)).isEqualTo(1);
    assertThat(HelloFrameFlyweight.codecNewest(frame, 1)).isEqualTo(2);
    assertThat(HelloFrameFlyweight.name(frame)).isEqualTo("agent-7");
    assertUnmoved();
  }

  @Test
  void open() {
    frame = OpenFrameFlyweight.encode(allocator, true, 5, 1, 64, 3, 17, 2, 12, 65_536);
    assertIsExample("OPEN");
    shift();
    assertThat(OpenFrameFlyweight.repeated(frame)).isTrue();
    assertThat(OpenFrameFlyweight.stream(frame)).isEqualTo(5);
    assertThat(OpenFrameFlyweight.kind(frame)).isEqualTo(1);
    assertThat(OpenFrameFlyweight.priority(frame)).isEqualTo(64);
    assertThat(OpenFrameFlyweight.fragment(frame)).isEqualTo(3);
    assertThat(OpenFrameFlyweight.version(frame)).isEqualTo(17);
    assertThat(OpenFrameFlyweight.participant(frame)).isEqualTo(2);
    assertThat(OpenFrameFlyweight.chunks(frame)).isEqualTo(12);
    assertThat(OpenFrameFlyweight.tokens(frame)).isEqualTo(65_536);
    assertUnmoved();
  }

  @Test
  void openFar() {
    List<CodecRange> codecs = List.of(new CodecRange(0x41, 1, 2));
    byte[] name = "edge-2".getBytes(StandardCharsets.UTF_8);
    frame = OpenFrameFlyweight.encodeFar(allocator, 6, 5, 32, 1, 40, 2, 3, 2048, name, codecs);
    assertIsExample("OPEN F");
    shift();
    assertThat(OpenFrameFlyweight.far(frame)).isTrue();
    assertThat(OpenFrameFlyweight.repeated(frame)).isFalse();
    assertThat(OpenFrameFlyweight.kind(frame)).isEqualTo(5);
    assertThat(OpenFrameFlyweight.tokens(frame)).isEqualTo(2048);
    assertThat(OpenFrameFlyweight.farName(frame)).isEqualTo("edge-2");
    assertThat(OpenFrameFlyweight.farDecodes(frame)).isEqualTo(codecs);
    assertUnmoved();
  }

  @Test
  void data() {
    ByteBuf encoded =
        Unpooled.wrappedBuffer(HexFormat.of().parseHex("ffffff" + "0102deadbeef" + "ffff"))
            .slice(3, 6);
    ByteBuf header =
        DataFrameFlyweight.encodeHeader(allocator, 5, 4, 3, 1, 9, 65_536, 8, encoded, 2, 4);
    frame = Unpooled.wrappedBuffer(header, encoded.retainedSlice(2, 4));
    assertIsExample("DATA");
    shift();
    assertThat(DataFrameFlyweight.begins(frame)).isFalse();
    assertThat(DataFrameFlyweight.ends(frame)).isTrue();
    assertThat(DataFrameFlyweight.codec(frame)).isEqualTo(3);
    assertThat(DataFrameFlyweight.codecVersion(frame)).isEqualTo(1);
    assertThat(DataFrameFlyweight.dtype(frame)).isEqualTo(1);
    assertThat(DataFrameFlyweight.stream(frame)).isEqualTo(5);
    assertThat(DataFrameFlyweight.chunk(frame)).isEqualTo(4);
    assertThat(DataFrameFlyweight.tensor(frame)).isEqualTo(9);
    assertThat(DataFrameFlyweight.first(frame)).isEqualTo(65_536);
    assertThat(DataFrameFlyweight.count(frame)).isEqualTo(8);
    assertThat(DataFrameFlyweight.encodedLength(frame)).isEqualTo(6);
    assertThat(DataFrameFlyweight.payloadOffset(frame)).isEqualTo(2);
    assertThat(DataFrameFlyweight.payloadLength(frame)).isEqualTo(4);
    assertThat(frame.getByte(DataFrameFlyweight.payloadIndex(frame))).isEqualTo((byte) 0xde);
    assertUnmoved();
  }

  @Test
  void close() {
    frame = CloseFrameFlyweight.encode(allocator, 5, 12);
    assertIsExample("CLOSE");
    shift();
    assertThat(CloseFrameFlyweight.stream(frame)).isEqualTo(5);
    assertThat(CloseFrameFlyweight.chunks(frame)).isEqualTo(12);
    assertUnmoved();
  }

  @Test
  void cancel() {
    frame = CancelFrameFlyweight.encode(allocator, 5, ErrorCode.CANCELLED.number());
    assertIsExample("CANCEL");
    shift();
    assertThat(CancelFrameFlyweight.stream(frame)).isEqualTo(5);
    assertThat(CancelFrameFlyweight.reason(frame)).isEqualTo(0x0202);
    assertUnmoved();
  }

  @Test
  void credit() {
    frame = CreditFrameFlyweight.encode(allocator, 5, 3);
    assertIsExample("CREDIT");
    shift();
    assertThat(CreditFrameFlyweight.stream(frame)).isEqualTo(5);
    assertThat(CreditFrameFlyweight.chunks(frame)).isEqualTo(3);
    assertUnmoved();
  }

  @Test
  void ack() {
    frame = AckFrameFlyweight.encode(allocator, 5, 12, true);
    assertIsExample("ACK");
    shift();
    assertThat(AckFrameFlyweight.stream(frame)).isEqualTo(5);
    assertThat(AckFrameFlyweight.chunks(frame)).isEqualTo(12);
    assertThat(AckFrameFlyweight.whole(frame)).isTrue();
    assertUnmoved();
  }

  @Test
  void resume() {
    frame = ResumeFrameFlyweight.encode(allocator, 5, 4);
    assertIsExample("RESUME");
    shift();
    assertThat(ResumeFrameFlyweight.stream(frame)).isEqualTo(5);
    assertThat(ResumeFrameFlyweight.chunk(frame)).isEqualTo(4);
    assertUnmoved();
  }

  @Test
  void error() {
    frame = ErrorFrameFlyweight.encode(allocator, 5, 0x0301, "codec 7?");
    assertIsExample("ERROR");
    shift();
    assertThat(ErrorFrameFlyweight.stream(frame)).isEqualTo(5);
    assertThat(ErrorFrameFlyweight.code(frame)).isEqualTo(0x0301);
    assertThat(ErrorFrameFlyweight.text(frame)).isEqualTo("codec 7?");
    assertUnmoved();
  }

  @Test
  void ping() {
    frame = PingFrameFlyweight.encodePing(allocator, 0x0102030405060708L);
    assertIsExample("PING");
    shift();
    assertThat(PingFrameFlyweight.nonce(frame)).isEqualTo(0x0102030405060708L);
    assertUnmoved();
  }

  @Test
  void pong() {
    frame = PingFrameFlyweight.encodePong(allocator, 0x0102030405060708L);
    assertIsExample("PONG");
  }

  @Test
  void message() {
    byte[] body = "hello".getBytes(StandardCharsets.UTF_8);
    frame = MessageFrameFlyweight.encode(allocator, 7, body, 2, 3);
    assertIsExample("MESSAGE");
    shift();
    assertThat(MessageFrameFlyweight.kind(frame)).isEqualTo(7);
    assertThat(MessageFrameFlyweight.total(frame)).isEqualTo(5);
    assertThat(MessageFrameFlyweight.payloadOffset(frame)).isEqualTo(2);
    assertThat(MessageFrameFlyweight.payloadLength(frame)).isEqualTo(3);
    assertUnmoved();
  }

  @Test
  void stripe() {
    frame = StripeFrameFlyweight.encode(allocator, 2, 0x0011223344556677L, 0x8899aabbccddeeffL);
    assertIsExample("STRIPE");
    shift();
    assertThat(StripeFrameFlyweight.connection(frame)).isEqualTo(2);
    assertThat(StripeFrameFlyweight.tokenHigh(frame)).isEqualTo(0x0011223344556677L);
    assertThat(StripeFrameFlyweight.tokenLow(frame)).isEqualTo(0x8899aabbccddeeffL);
    assertUnmoved();
  }

  @Test
  void turn() {
    frame = TurnFrameFlyweight.encode(allocator, 2, true);
    assertIsExample("TURN");
    shift();
    assertThat(TurnFrameFlyweight.connection(frame)).isEqualTo(2);
    assertThat(TurnFrameFlyweight.last(frame)).isTrue();
    assertUnmoved();
  }

  @Test
  void aLongErrorTextIsCutBetweenCharacters() {
    // Two chars and four bytes each: a cut in the middle would show as a replacement character.
    frame = ErrorFrameFlyweight.encode(allocator, 0, 0x0504, "a" + "\uD83D\uDE00".repeat(400));
    String text = ErrorFrameFlyweight.text(frame);
    assertThat(text).startsWith("a\uD83D\uDE00").doesNotContain("\uFFFD").doesNotContain("?");
    assertThat(text.getBytes(StandardCharsets.UTF_8).length).isBetween(900, 1024);
  }

  /** Hand-typed bytes pass the decoder, and what they say is what the drawing says. */
  @ParameterizedTest
  @EnumSource(FrameType.class)
  void everyExamplePassesTheDecoder(FrameType type) {
    EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(LIMITS));
    if (type != FrameType.HELLO) {
      channel.writeInbound(allocated(PAGE.example("HELLO")));
      channel.<ByteBuf>readInbound().release();
    }
    channel.writeInbound(allocated(PAGE.example(type.name())));
    ByteBuf read = channel.readInbound();
    assertThat(FrameHeaderFlyweight.type(read)).isEqualTo(type);
    assertThat(read.readableBytes()).isEqualTo(PAGE.example(type.name()).length);
    read.release();
    channel.finishAndReleaseAll();
  }

  @ParameterizedTest
  @EnumSource(FrameType.class)
  void theTableOfTypesIsTrue(FrameType type) {
    List<String> row = PAGE.rows(Integer.toString(type.number())).get(0);
    String flags =
        ((type.flags() & FrameFormat.FLAG_BEGIN) != 0 ? "B " : "")
            + ((type.flags() & FrameFormat.FLAG_END) != 0 ? "E " : "")
            + ((type.flags() & FrameFormat.FLAG_REPEATED) != 0 ? "R " : "")
            + ((type.flags() & FrameFormat.FLAG_FAR) != 0 ? "F " : "");
    assertThat(row.subList(0, 5))
        .containsExactly(
            Integer.toString(type.number()),
            type.name(),
            flags.isEmpty() ? "–" : flags.strip(),
            Integer.toString(type.minLength()),
            Integer.toString(type.maxLength()));
  }

  @Test
  void theTableOfErrorsIsTrue() {
    List<List<String>> rows = PAGE.rows("0x[0-9a-f]{4}");
    assertThat(rows).hasSizeGreaterThan(10);
    for (List<String> row : rows) {
      int number = Integer.decode(row.get(0));
      assertThat(ErrorCode.fromWire(number)).map(Enum::name).contains(row.get(1));
    }
  }

  private void assertIsExample(String name) {
    assertThat(ByteBufUtil.hexDump(frame)).isEqualTo(HexFormat.of().formatHex(PAGE.example(name)));
  }

  /** Puts three bytes in front, so that accessors which forget the reader index are found out. */
  private void shift() {
    ByteBuf shifted = allocator.buffer().writeMedium(0).writeBytes(frame.duplicate());
    frame.release();
    frame = shifted.skipBytes(3);
  }

  private void assertUnmoved() {
    assertThat(frame.readerIndex()).isEqualTo(3);
  }

  private ByteBuf allocated(byte[] bytes) {
    return allocator.buffer(bytes.length).writeBytes(bytes);
  }
}
