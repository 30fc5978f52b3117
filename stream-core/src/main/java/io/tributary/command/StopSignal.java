package io.tributary.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a command does when the process is asked to stop (Ctrl-C, SIGTERM): tells its work so, and
 * holds the process until the command has closed all it had open, for a few seconds at most. What
 * is left undone then is as after a power cut.
 *
 * <p>A command opens it first and so closes it last. Safe for any thread.
 */
public final class StopSignal implements AutoCloseable {
  /** Less than what those who send SIGTERM commonly wait before they kill. */
  private static final long PATIENCE_SECONDS = 4;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook;
  private @Nullable Runnable action;
  private boolean asked;

  /** Begins to listen for the signal; {@code what} is a name for people. */
  public StopSignal(String what) {
    hook = new Thread(this::stop, "stop " + what);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Says what tells the work to stop; at once if the signal was there before. It returns soon and
   * doesn't wait for the work to end.
   */
  public void then(Runnable tell) {
    boolean now;
    synchronized (this) {
      action = tell;
      now = asked;
    }
    if (now) {
      tell.run();
    }
  }

  private void stop() {
    Runnable tell;
    synchronized (this) {
      asked = true;
      tell = action;
    }
    if (tell != null) {
      tell.run();
    }
    try {
      var unused = closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** All is closed: the process may end. */
  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The signal has come; the hook has just heard that all is closed.
    }
  }
}
