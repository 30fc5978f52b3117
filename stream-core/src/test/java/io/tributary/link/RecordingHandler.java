package io.tributary.link;

import io.tributary.error.TributaryException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A handler that puts everything it hears into queues, for tests to take from. */
final class RecordingHandler implements LinkHandler {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @SuppressWarnings("ArrayRecordComponent") // compared by hand
  record Message(int kind, byte[] body, long bytesReadBefore) {}

  final BlockingQueue<Link> connected = new LinkedBlockingQueue<>();
  final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
  final BlockingQueue<InboundStream> streams = new LinkedBlockingQueue<>();
  final BlockingQueue<Throwable> disconnected = new LinkedBlockingQueue<>();
  final BlockingQueue<TributaryException> refused = new LinkedBlockingQueue<>();

  @Override
  public void connected(Link link) {
    connected.add(link);
  }

  @Override
  public void message(Link link, int kind, byte[] body) {
    messages.add(new Message(kind, body, link.counters().bytesRead()));
  }

  @Override
  public void stream(Link link, InboundStream stream) {
    streams.add(stream);
  }

  @Override
  public void disconnected(Link link, Throwable cause) {
    disconnected.add(cause);
  }

  @Override
  public void refused(String address, TributaryException cause) {
    refused.add(cause);
  }

  static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
    T taken = queue.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (taken == null) {
      throw new AssertionError("nothing came within " + PATIENCE);
    }
    return taken;
  }
}
