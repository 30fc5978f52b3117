package io.tributary.bench.ship;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.agent.fetch.FetchEvent;
import io.tributary.agent.fetch.ModelFetcher;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.link.LinkTimes;
import io.tributary.security.LinkSecurity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A fetch whose events are kept, and can be waited for. */
class ObservedFetch implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final List<FetchEvent> events = new CopyOnWriteArrayList<>();
  final CountDownLatch fetching = new CountDownLatch(1);
  final CountDownLatch coming = new CountDownLatch(1);
  final Runnable afterFirst;
  final ModelFetcher fetcher;

  /** Begins; when the first piece is there something happens before the next is written. */
  ObservedFetch(
      int port, LinkSecurity security, @Nullable String name, Path file, Runnable afterFirst) {
    this.afterFirst = afterFirst;
    fetcher =
        ModelFetcher.start(
            security.encrypts() ? security.own().name() : "reader",
            "127.0.0.1",
            port,
            security,
            LinkTimes.fromSettings(),
            name,
            file,
            this::heard);
  }

  private void heard(FetchEvent event) {
    events.add(event);
    if (event instanceof FetchEvent.Fetching) {
      fetching.countDown();
    } else if (coming.getCount() > 0) {
      afterFirst.run();
      coming.countDown();
    }
  }

  void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  CompletableFuture<Void> end() {
    return CompletableFuture.runAsync(fetcher::await, work -> new Thread(work, "end").start());
  }

  FetchEvent.Complete complete() {
    assertThat(end()).succeedsWithin(PATIENCE);
    return (FetchEvent.Complete) events.get(events.size() - 1);
  }

  FetchEvent.Fetching offered() {
    return events.stream()
        .filter(FetchEvent.Fetching.class::isInstance)
        .map(FetchEvent.Fetching.class::cast)
        .findFirst()
        .orElseThrow();
  }

  ErrorCode failure() {
    return Errors.codeOf(cause());
  }

  Throwable cause() {
    return end()
        .handle((done, why) -> Objects.requireNonNull(why, "it ended well").getCause())
        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  @Override
  public void close() {
    fetcher.close();
  }
}
