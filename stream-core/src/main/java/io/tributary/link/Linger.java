package io.tributary.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Puts off the end of a link while bytes of it still move: while some come, leave this process, or
 * (on Linux) are acknowledged. On a thin link the reason of the end lies behind seconds of others.
 */
final class Linger {
  private static final long STILL_MILLIS = 1_000;

  /** Enough for full buffers at two thousand bytes a second; who trickles stays no longer. */
  static final int MOST_LOOKS = 30;

  private final EventExecutor loop;
  private final SocketCounter counter;
  private final List<Channel> connections;
  private final Runnable end;
  private int looks;
  private long place;

  private Linger(
      EventExecutor loop,
      SocketCounter counter,
      List<Channel> connections,
      int looks,
      Runnable end) {
    this.loop = loop;
    this.counter = counter;
    this.connections = connections;
    this.looks = looks;
    this.end = end;
  }

  /**
   * Runs {@code end} once nothing has moved for a second.
   *
   * @param loop where it looks, and where {@code end} runs
   * @param counter counts the bytes of all connections
   * @param connections those of the link, the first one first; nothing runs when that has closed
   * @param looks the seconds after which {@code end} runs in any case
   */
  static void begin(
      EventExecutor loop,
      SocketCounter counter,
      List<Channel> connections,
      int looks,
      Runnable end) {
    new Linger(loop, counter, connections, looks, end).lookLater();
  }

  private void lookLater() {
    place = place();
    var unused = loop.schedule(this::look, STILL_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    if (!connections.get(0).isOpen()) {
      return;
    }
    looks--;
    if (looks > 0 && (place() != place || connections.stream().anyMatch(Linger::isAcknowledged))) {
      lookLater();
    } else {
      end.run();
    }
  }

  /** A number that is another one when bytes have come or left. */
  private long place() {
    long sum = counter.bytesRead() + counter.bytesWritten();
    for (Channel connection : connections) {
      sum -= connection.bytesBeforeWritable() - connection.bytesBeforeUnwritable();
    }
    return sum;
  }

  /** Whether the other end's kernel has answered of late: what left this process gets on. */
  private static boolean isAcknowledged(Channel connection) {
    try {
      return connection instanceof EpollSocketChannel epoll
          && epoll.isOpen()
          && epoll.tcpInfo().lastAckRecv() < STILL_MILLIS;
    } catch (ChannelException e) {
      return false; // closed by its own event loop meanwhile
    }
  }
}
