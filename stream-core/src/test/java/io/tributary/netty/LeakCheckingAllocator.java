package io.tributary.netty;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An allocator that fails the test which leaves one of its buffers unreleased. Register it as a
 * field: {@code @RegisterExtension final LeakCheckingAllocator allocator = new
 * LeakCheckingAllocator();}
 *
 * <p>Event loops release a moment after the test's last line, and one that still closes may borrow
 * a buffer for a read that finds nothing, so the check looks again for up to five seconds until
 * none lives. Safe for any thread.
 */
public final class LeakCheckingAllocator extends AbstractByteBufAllocator
    implements AfterEachCallback {
  private static final long PATIENCE_MILLIS = 5_000;

  private record Made(ByteBuf buffer, Throwable where) {}

  private final UnpooledByteBufAllocator delegate = new UnpooledByteBufAllocator(true, true);
  private final Queue<Made> made = new ConcurrentLinkedQueue<>();
  private final AtomicLong buffers = new AtomicLong();
  private final AtomicLong peak = new AtomicLong();

  /** Makes an allocator that prefers direct buffers. */
  public LeakCheckingAllocator() {
    super(true);
  }

  /** How many buffers were made so far. */
  public long buffersMade() {
    return buffers.get();
  }

  /** The bytes of all buffers that live now. */
  public long liveBytes() {
    return delegate.metric().usedHeapMemory() + delegate.metric().usedDirectMemory();
  }

  /** The most bytes that lived at one time, seen whenever a buffer is made. */
  public long peakBytes() {
    return Math.max(peak.get(), liveBytes());
  }

  /** Waits for the last releases, then fails if a buffer lives. */
  public void assertNoLeaks() throws InterruptedException {
    long until = System.currentTimeMillis() + PATIENCE_MILLIS;
    List<Made> leaks = alive();
    while (!leaks.isEmpty() && System.currentTimeMillis() < until) {
      Thread.sleep(5);
      leaks = alive();
    }
    made.clear();
    if (!leaks.isEmpty()) {
      AssertionError error =
          new AssertionError(
              leaks.size()
                  + " buffers were not released, the first: "
                  + leaks.get(0).buffer
                  + ", made where the cause says");
      error.initCause(leaks.get(0).where);
      throw error;
    }
  }

  private List<Made> alive() {
    return made.stream().filter(one -> one.buffer.refCnt() > 0).toList();
  }

  @Override
  public void afterEach(ExtensionContext context) throws InterruptedException {
    assertNoLeaks();
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return note(delegate.heapBuffer(initialCapacity, maxCapacity));
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return note(delegate.directBuffer(initialCapacity, maxCapacity));
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }

  private ByteBuf note(ByteBuf buffer) {
    if (buffers.incrementAndGet() % 1024 == 0) {
      made.removeIf(one -> one.buffer.refCnt() == 0);
    }
    made.add(new Made(buffer, new Throwable("made here")));
    peak.accumulateAndGet(liveBytes(), Math::max);
    return buffer;
  }
}
