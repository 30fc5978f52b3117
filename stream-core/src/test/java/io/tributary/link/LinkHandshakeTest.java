package io.tributary.link;

import static io.tributary.link.RecordingHandler.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.frame.ErrorFrameFlyweight;
import io.tributary.frame.FrameHeaderFlyweight;
import io.tributary.frame.FrameType;
import io.tributary.frame.HelloFrameFlyweight;
import io.tributary.frame.MessageFrameFlyweight;
import io.tributary.frame.PingFrameFlyweight;
import io.tributary.frame.StripeFrameFlyweight;
import io.tributary.netty.LeakCheckingAllocator;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a connection begins, and all the ways in which it doesn't. */
class LinkHandshakeTest {
  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  private final RecordingHandler handler = new RecordingHandler();
  private LinkServer server;

  @BeforeEach
  void bind() {
    server = LinkServer.bind("127.0.0.1", 0, TestOptions.of("server", allocator), handler);
  }

  private void bindImpatient() {
    server.close();
    LinkTimes usual = TestOptions.TIMES;
    LinkTimes times =
        new LinkTimes(
            usual.pingInterval(),
            Duration.ofMillis(300),
            usual.firstBackOff(),
            usual.lastBackOff());
    server =
        LinkServer.bind(
            "127.0.0.1", 0, TestOptions.of("server", allocator).withTimes(times), handler);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({"0,0,TOO_OLD", "3,3,TOO_NEW", "3,65535,TOO_NEW", "3,1,MALFORMED"})
  void protocolsThatDoNotMeetAreToldApartOnBothSides(int oldest, int newest, ErrorCode code)
      throws Exception {
    try (RawPeer peer = RawPeer.connect(server.address())) {
      peer.write(hello(oldest, newest));
      ByteBuf error = peer.readUntil(FrameType.ERROR);
      assertThat(ErrorFrameFlyweight.stream(error)).isZero();
      assertThat(ErrorFrameFlyweight.code(error)).isEqualTo(code.number());
      assertThat(peer.read()).as("the end of the connection").isNull();
      assertThat(take(handler.refused).code()).isEqualTo(code);
      assertThat(handler.connected).isEmpty();
      assertThat(handler.disconnected).isEmpty();
    }
  }

  @Test
  void garbageIsMalformedEvenIfMoreOfItIsOnItsWay() throws Exception {
    try (RawPeer peer = RawPeer.connect(server.address())) {
      String request = "GET / HTTP/1.1\r\nHost: tributary\r\nX: " + "x".repeat(200_000);
      peer.write(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
      ByteBuf error = peer.readUntil(FrameType.ERROR);
      assertThat(ErrorFrameFlyweight.code(error)).isEqualTo(ErrorCode.MALFORMED.number());
      assertThat(ErrorFrameFlyweight.text(error)).contains("does not speak this protocol");
    }
  }

  @Test
  void aFrameBeforeHelloIsMalformed() throws Exception {
    try (RawPeer peer = RawPeer.connect(server.address())) {
      peer.write(PingFrameFlyweight.encodePing(allocator, 1));
      ByteBuf error = peer.readUntil(FrameType.ERROR);
      assertThat(ErrorFrameFlyweight.code(error)).isEqualTo(ErrorCode.MALFORMED.number());
    }
  }

  @Test
  void aSecondHelloEndsTheConnection() throws Exception {
    try (RawPeer peer = RawPeer.connect(server.address())) {
      peer.write(hello(1, 1));
      take(handler.connected);
      peer.write(hello(1, 1));
      ByteBuf error = peer.readUntil(FrameType.ERROR);
      assertThat(ErrorFrameFlyweight.text(error)).contains("one HELLO, found another");
      assertThat(Errors.codeOf(take(handler.disconnected))).isEqualTo(ErrorCode.MALFORMED);
    }
  }

  @Test
  void whoSaysNothingIsSentAwayInTime() throws Exception {
    bindImpatient();
    try (RawPeer peer = RawPeer.connect(server.address())) {
      ByteBuf error = peer.readUntil(FrameType.ERROR);
      assertThat(ErrorFrameFlyweight.code(error)).isEqualTo(ErrorCode.PEER_SILENT.number());
      assertThat(take(handler.refused).code()).isEqualTo(ErrorCode.PEER_SILENT);
    }
  }

  @Test
  void halfAHelloIsNoHello() throws Exception {
    bindImpatient();
    try (RawPeer peer = RawPeer.connect(server.address())) {
      ByteBuf frame = hello(1, 1);
      peer.write(frame.writerIndex(20));
      assertThat(take(handler.refused).code()).isEqualTo(ErrorCode.PEER_SILENT);
    }
  }

  @Test
  void whoLeavesBeforeHelloIsNoLink() throws Exception {
    RawPeer.connect(server.address()).close();
    assertThat(take(handler.refused).code()).isEqualTo(ErrorCode.CONNECTION_LOST);
    assertThat(handler.connected).isEmpty();
  }

  @Test
  void theServersOwnHelloSaysWhatItDecodes() throws Exception {
    try (RawPeer peer = RawPeer.connect(server.address())) {
      ByteBuf frame = peer.readUntil(FrameType.HELLO);
      assertThat(HelloFrameFlyweight.name(frame)).isEqualTo("server");
      assertThat(HelloFrameFlyweight.codecCount(frame)).isEqualTo(1);
      assertThat(HelloFrameFlyweight.codecNumber(frame, 0)).isEqualTo(1);
    }
  }

  @Test
  void aPortThatIsTakenIsOneClearError() {
    int port = server.address().getPort();
    assertThatThrownBy(
            () -> LinkServer.bind("127.0.0.1", port, TestOptions.of("second", allocator), handler))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTING))
        .hasMessageContaining("127.0.0.1:" + port)
        .hasMessageContaining("in use");
  }

  @Test
  void aClientLearnsThatItIsTooOldAndGoesOnTrying() throws Exception {
    RecordingHandler atClient = new RecordingHandler();
    try (ServerSocket listener = new ServerSocket(0);
        LinkClient client =
            LinkClient.connect(
                "127.0.0.1",
                listener.getLocalPort(),
                TestOptions.of("client", allocator),
                atClient)) {
      assertThat(client).isNotNull();
      for (int i = 0; i < 3; i++) {
        try (RawPeer future = new RawPeer(listener.accept())) {
          future.write(hello(3, 4));
          TributaryException cause = take(atClient.refused);
          assertThat(cause.code()).isEqualTo(ErrorCode.TOO_NEW);
          assertThat(Errors.isRetryable(cause)).isFalse();
        }
      }
    }
  }

  @Test
  void aClientThatIsClosedWhileItConnectsStaysClosed() throws Exception {
    RecordingHandler atClient = new RecordingHandler();
    for (int i = 0; i < 20; i++) {
      LinkClient.connect(
              "127.0.0.1",
              server.address().getPort(),
              TestOptions.of("client", allocator),
              atClient)
          .close();
    }
    // Whatever got through ends again, and nothing comes after it.
    LoopbackPair.eventually(() -> atClient.connected.size() == atClient.disconnected.size());
    try (RawPeer peer = RawPeer.connect(server.address())) {
      peer.write(hello(1, 1));
      LoopbackPair.eventually(() -> handler.connected.size() == handler.disconnected.size() + 1);
    }
  }

  /** What a build says that speaks protocol 1 alone, typed from its page of the wire format. */
  private static ByteBuf helloOfProtocolOne() {
    return Unpooled.wrappedBuffer(
        HexFormat.of()
            .parseHex(
                "2f00000001000100" // 47 bytes, version 1, no flags, type 1
                    + "54524259" // TRBY
                    + "01000100" // protocol 1 to 1
                    + "7766554433221100ffeeddccbbaa9988" // instance
                    + "02000000" // initial credit
                    + "03000100" // 3 bytes of name, reserved, 1 codec
                    + "01000101" // codec 1, versions 1 to 1
                    + "6f6c64")); // old
  }

  /** A message of kind 7 with no body, as protocol 1 has it. */
  private static ByteBuf messageOfProtocolOne() {
    return MessageFrameFlyweight.encode(UnpooledByteBufAllocator.DEFAULT, 7, new byte[0], 0, 0);
  }

  /** Checks what a build of protocol 1 checks in a HELLO, and no more than it can know. */
  private static void assertFitsProtocolOne(ByteBuf hello) {
    assertThat(FrameHeaderFlyweight.version(hello)).isOne();
    assertThat(hello.getIntLE(8)).isEqualTo(0x59425254);
    assertThat(hello.getUnsignedShortLE(12)).isOne();
    assertThat(hello.getUnsignedShortLE(14)).isGreaterThanOrEqualTo(1);
    assertThat(hello.getUnsignedByte(37)).as("reserved").isZero();
  }

  @Test
  void aClientOfProtocolOneIsServedOverOneConnection() throws Exception {
    try (RawPeer old = RawPeer.connect(server.address())) {
      old.write(helloOfProtocolOne());
      assertFitsProtocolOne(old.readUntil(FrameType.HELLO));
      Link link = take(handler.connected);
      assertThat(link.peer().protocol()).isOne();
      old.write(messageOfProtocolOne());
      assertThat(take(handler.messages)).isNotNull();
      link.message(8, new byte[100]);
      assertThat(FrameHeaderFlyweight.version(old.readUntil(FrameType.MESSAGE))).isOne();

      old.write(StripeFrameFlyweight.encode(allocator, 1, 0, 0));
      ByteBuf error = old.readUntil(FrameType.ERROR);
      assertThat(ErrorFrameFlyweight.code(error)).isEqualTo(ErrorCode.MALFORMED.number());
    }
  }

  @Test
  void aServerOfProtocolOneIsAskedForNoMoreConnections() throws Exception {
    RecordingHandler atClient = new RecordingHandler();
    LinkOptions options = TestOptions.of("client", allocator).withStripes(new StripeRange(4, 4));
    try (ServerSocket listener = new ServerSocket(0);
        LinkClient client =
            LinkClient.connect("127.0.0.1", listener.getLocalPort(), options, atClient)) {
      assertThat(client).isNotNull();
      try (RawPeer old = new RawPeer(listener.accept())) {
        old.write(helloOfProtocolOne());
        assertFitsProtocolOne(old.readUntil(FrameType.HELLO));
        Link link = take(atClient.connected);
        assertThat(link.peer().protocol()).isOne();
        for (int i = 0; i < 20; i++) {
          old.write(messageOfProtocolOne());
          assertThat(take(atClient.messages)).isNotNull();
          link.message(8, new byte[100]);
          ByteBuf next = old.read();
          assertThat(next).isNotNull();
          assertThat(FrameHeaderFlyweight.type(next)).isEqualTo(FrameType.MESSAGE);
        }
      }
    }
  }

  private ByteBuf hello(int oldest, int newest) {
    byte[] name = "raw".getBytes(StandardCharsets.US_ASCII);
    ByteBuf frame =
        HelloFrameFlyweight.encode(allocator, oldest, newest, new UUID(1, 2), 2, 1, name);
    HelloFrameFlyweight.putCodec(frame, 0, 1, 1, 1);
    return frame;
  }
}
