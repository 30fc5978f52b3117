package io.tributary.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tributary.frame.FrameHeaderFlyweight;
import io.tributary.frame.FrameType;
import io.tributary.frame.PingFrameFlyweight;
import io.tributary.netty.LeakCheckingAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What happens to frames while connections come and go. */
class StripeDealerTest {
  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  /** The end of the first connection's pipeline, where a write may end the link at once. */
  private static final class FailingWrites extends ChannelOutboundHandlerAdapter {
    private final List<FrameType> written = new ArrayList<>();
    private Runnable end = () -> {};

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      ByteBuf frame = (ByteBuf) message;
      written.add(FrameHeaderFlyweight.type(frame));
      frame.release();
      end.run();
    }
  }

  @Test
  void aWriteOfATurnMayEndTheLink() {
    var writes = new FailingWrites();
    var dealing = new ChannelOutboundHandlerAdapter();
    EmbeddedChannel first = new EmbeddedChannel(writes, dealing);
    EmbeddedChannel second = new EmbeddedChannel();
    first.config().setAllocator(allocator);
    var dealer = new StripeDealer(first.pipeline().context(dealing));
    dealer.add(1, second);
    // A connection that is full, or closed, has no room.
    first.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    writes.end = dealer::goHome;

    dealer.write(PingFrameFlyweight.encodePing(allocator, 1), first.newPromise());

    assertThat(writes.written).containsExactly(FrameType.TURN, FrameType.PING);
    first.finishAndReleaseAll();
    second.finishAndReleaseAll();
  }
}
