package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tributary.frame.FrameHeaderFlyweight;
import io.tributary.frame.FrameType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One side of a link without a socket: tests write its peer's frames one by one. */
final class EmbeddedLink {
  final EmbeddedChannel channel = new EmbeddedChannel();
  final RecordingHandler handler = new RecordingHandler();
  private @Nullable ChannelLink link;

  /** The serving side of a link. */
  EmbeddedLink(LinkOptions options) {
    this(options, LinkStripes.ofServer(options, new StripeGrants(() -> true)), false);
  }

  /** A side of a link that may take several connections. */
  EmbeddedLink(LinkOptions options, LinkStripes stripes, boolean client) {
    ByteBufAllocator allocator = options.allocator();
    channel.config().setAllocator(allocator);
    LinkChannelHandler.install(
        channel.pipeline(), options, handler, stripes, client, made -> this.link = made);
    channel.pipeline().fireChannelActive();
  }

  LinkStripes stripes() {
    return channel.pipeline().get(LinkStripes.class);
  }

  ChannelLink link() {
    ChannelLink made = link;
    if (made == null) {
      throw new AssertionError("no link");
    }
    return made;
  }

  /** Lets the link read a frame. */
  void read(ByteBuf frame) {
    channel.writeInbound(frame);
    channel.runPendingTasks();
  }

  /** The types of the frames that the link has written since the last call, and releases them. */
  List<FrameType> written() {
    List<FrameType> types = new ArrayList<>();
    for (ByteBuf frame = next(); frame != null; frame = next()) {
      types.add(FrameHeaderFlyweight.type(frame));
      frame.release();
    }
    return types;
  }

  /** The next whole frame that the link has written, the caller's to release; null if none. */
  @Nullable ByteBuf next() {
    channel.runPendingTasks();
    ByteBuf part = channel.readOutbound();
    if (part == null) {
      return null;
    }
    if (!part.isReadable()) {
      part.release();
      return next();
    }
    long length = FrameHeaderFlyweight.length(part);
    if (part.readableBytes() == length) {
      return part;
    }
    // The payload of DATA follows its header in a buffer of its own.
    ByteBuf payload = channel.readOutbound();
    ByteBuf whole = channel.alloc().buffer((int) length).writeBytes(part).writeBytes(payload);
    part.release();
    payload.release();
    return whole;
  }

  void finish() {
    link().close();
    channel.runPendingTasks();
    var unused = channel.close();
    channel.finishAndReleaseAll();
  }
}
