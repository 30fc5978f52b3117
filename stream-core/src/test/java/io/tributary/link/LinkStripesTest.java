package io.tributary.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tributary.error.ErrorCode;
import io.tributary.frame.FrameHeaderFlyweight;
import io.tributary.frame.FrameType;
import io.tributary.frame.RandomFrames;
import io.tributary.frame.StripeFrameFlyweight;
import io.tributary.netty.LeakCheckingAllocator;
import io.tributary.security.PeerIdentity;
import io.tributary.security.Role;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client asks for and makes of the answers, frame by frame, by a clock that is a number. */
class LinkStripesTest {
  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  /** The connections that the client has begun to make. */
  private final List<EmbeddedChannel> dialled = new ArrayList<>();

  private final LinkOptions options =
      TestOptions.of("agent", allocator).withStripes(new StripeRange(4, 4));
  private final EmbeddedLink side =
      new EmbeddedLink(options, LinkStripes.ofClient(options, this::dial), true);

  @AfterEach
  void close() {
    side.finish();
    for (EmbeddedChannel channel : dialled) {
      var unused = channel.close();
      channel.finishAndReleaseAll();
    }
  }

  private void dial(StripeConnection connection) {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(allocator);
    connection.install(channel.pipeline());
    channel.pipeline().fireChannelActive();
    dialled.add(channel);
  }

  private ByteBuf hello() {
    return new RandomFrames(allocator, new Random(1), 1).hello();
  }

  private ByteBuf answer(int number, long token) {
    return StripeFrameFlyweight.encode(allocator, number, token, token);
  }

  /** Lets as many looks of the client pass. */
  private void pass(int looks) {
    for (int i = 0; i < looks; i++) {
      side.channel.advanceTimeBy(250, TimeUnit.MILLISECONDS);
      side.channel.runPendingTasks();
    }
  }

  private static List<FrameType> written(EmbeddedChannel channel) {
    List<FrameType> types = new ArrayList<>();
    for (ByteBuf frame = channel.readOutbound(); frame != null; frame = channel.readOutbound()) {
      types.add(FrameHeaderFlyweight.type(frame));
      frame.release();
    }
    return types;
  }

  @Test
  void aRefusalTakesNothingFromWhatWasGrantedBefore() {
    side.channel.freezeTime();
    side.read(hello());
    assertThat(side.written())
        .containsExactly(FrameType.HELLO, FrameType.STRIPE, FrameType.STRIPE, FrameType.STRIPE);

    side.read(answer(1, 11));
    side.read(answer(2, 12));
    side.read(answer(3, 0));
    assertThat(dialled).hasSize(2);
    for (int i = 0; i < 2; i++) {
      EmbeddedChannel channel = dialled.get(i);
      channel.writeInbound(hello(), answer(i + 1, 11 + i));
      assertThat(written(channel)).containsExactly(FrameType.STRIPE);
    }
    pass(40);

    assertThat(side.link().counters().connections()).isEqualTo(3);
    assertThat(Collections.frequency(side.written(), FrameType.TURN)).isZero();
    assertThat(written(dialled.get(0))).isEmpty();
    assertThat(written(dialled.get(1))).isEmpty();
  }

  @Test
  void aPeerOfProtocolOneIsAskedForNothing() {
    side.channel.freezeTime();
    side.read(hello().setShortLE(14, 1));
    pass(40);
    assertThat(side.written()).startsWith(FrameType.HELLO).doesNotContain(FrameType.STRIPE);
    assertThat(side.handler.disconnected).isEmpty();
  }

  @Test
  void anAnswerForAnotherConnectionIsNone() {
    side.read(hello());
    side.read(answer(1, 11));
    EmbeddedChannel channel = dialled.get(0);
    channel.writeInbound(hello(), answer(2, 11));
    pass(1);
    assertThat(channel.isOpen()).isFalse();
    assertThat(side.link().counters().connections()).isOne();
    assertThat(side.handler.disconnected).isEmpty();
    side.written();
    written(channel);
  }

  @Test
  void aClaimUnderAnotherCertificateIsRefusedAndTakesNothing() {
    var grants = new StripeGrants(() -> true);
    EmbeddedLink owner = serve(grants, "fuzz", 1);
    owner.read(hello());
    StripeGrants.Token token = grants.grant(owner.stripes(), 1);

    EmbeddedLink other = serve(grants, "other", 2);
    other.read(StripeFrameFlyweight.encode(allocator, 1, token.high(), token.low()));
    assertThat(other.handler.refused)
        .singleElement()
        .matches(e -> e.code() == ErrorCode.NOT_TRUSTED)
        .matches(e -> String.valueOf(e.getMessage()).contains("other [contribute] (certificate 2"));
    EmbeddedLink again = serve(grants, "fuzz", 1);
    again.read(StripeFrameFlyweight.encode(allocator, 2, token.high(), token.low()));
    assertThat(again.handler.refused).hasSize(1);
    assertThat(grants.claim(token, 1, owner.link().identity(), null)).isSameAs(owner.stripes());
    assertThatThrownBy(() -> grants.claim(token, 1, owner.link().identity(), null))
        .hasMessageContaining("granted to this peer");
    for (EmbeddedLink link : List.of(owner, other, again)) {
      link.finish();
    }
  }

  private EmbeddedLink serve(StripeGrants grants, String name, int serial) {
    var link = new EmbeddedLink(options, LinkStripes.ofServer(options, grants), false);
    link.link()
        .identified(new PeerIdentity(name, Set.of(Role.CONTRIBUTE), BigInteger.valueOf(serial)));
    return link;
  }
}
