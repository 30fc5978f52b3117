package io.tributary.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.coordinator.journal.RunRecord;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is said of a run whose thread is stuck, by a clock that the test turns. */
class BlockWatchTest extends RunFixture {
  @Test
  void whatADiskThatDoesntAnswerHoldsUpIsNamed() throws Exception {
    var reached = new CountDownLatch(1);
    var answers = new CountDownLatch(1);
    appended =
        record -> {
          if (record instanceof RunRecord.Commit) {
            reached.countDown();
            awaitUninterruptibly(answers);
          }
        };
    open(1, 1);
    FakeLink a = joined("a");
    contributeAllButTheForce(a);
    var made = CompletableFuture.runAsync(run::forceAndAcknowledge);
    assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(stage.longerThan(1)).as("no time has passed").isNull();
    var said = new LinkedBlockingQueue<RunEvent>();
    try (BlockWatch watch = BlockWatch.start(stage, said::add)) {
      assertThat(watch).isNotNull();
      now = TimeUnit.SECONDS.toNanos(12);
      assertThat(said.poll(20, TimeUnit.SECONDS))
          .isEqualTo(new RunEvent.Blocked("writing version 1 of fragment 1", 12));
    } finally {
      answers.countDown();
    }
    made.get(20, TimeUnit.SECONDS);
    assertThat(store.committed(1)).isEqualTo(1);
    assertThat(stage.longerThan(0)).as("it is done").isNull();
  }

  private void contributeAllButTheForce(FakeLink link) {
    FakeStream stream = open(link, 0, 1, 1, false);
    parts(0, 1, 1).forEach(stream::give);
    stream.end();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void workInTheMidstOfOtherIsWhatIsNamed() {
    stage.run(
        "outer",
        () -> {
          now = 5;
          assertThat(stage.<Boolean>get("inner", () -> is("inner", 0))).isTrue();
          assertThat(is("outer", 5)).isTrue();
        });
    assertThat(stage.longerThan(0)).isNull();
  }

  private boolean is(String what, long lasts) {
    return new RunEvent.Blocked(what, lasts / 1e9).equals(stage.longerThan(lasts));
  }
}
