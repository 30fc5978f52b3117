package io.tributary.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.run.AgentProgress;
import io.tributary.run.EncodedPart;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is waited for, for how long and why, by a clock that the test turns. */
class StallTest extends RunFixture {
  private long now;

  @BeforeEach
  void turnTheClock() {
    clock = () -> now;
  }

  private void pass(double seconds) {
    now += (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    run.tick();
  }

  private List<RunEvent.Waiting> waits() {
    return events.stream()
        .filter(RunEvent.Waiting.class::isInstance)
        .map(RunEvent.Waiting.class::cast)
        .toList();
  }

  @Test
  void aTransferThatProgressesIsNeverSilentHoweverSlow() {
    open(2, 1, Duration.ofSeconds(60));
    FakeLink a = joined("a");
    FakeLink b = joined("b");
    FakeStream slow = open(b, 1, 1, 1, false);
    contribute(a, 0, 1, 1);
    for (int i = 0; i < 100; i++) {
      slow.arrived++; // a byte a while, and no chunk for hours
      pass(59);
    }
    assertThat(commits()).isEmpty();
    pass(59);
    assertThat(commits()).isEmpty();
    pass(1);
    assertThat(commits()).hasSize(1);
    assertThat(commits().get(0).exclusions())
        .containsExactly("b: connected, but no progress for 60.0 s");
  }

  @Test
  void aStalledOneIsLeftOutThoughItsLinkIsUp() {
    open(2, 1, Duration.ofSeconds(60));
    FakeLink a = joined("a");
    FakeLink b = joined("b");
    FakeStream stalled = open(b, 1, 1, 1, false);
    stalled.give(parts(1, 1, 1).get(0));
    pass(0.25); // its bytes are seen
    contribute(a, 0, 1, 1);
    pass(59);
    assertThat(commits()).isEmpty();
    pass(1);
    assertThat(commits()).hasSize(1);
  }

  @Test
  void aVersionThatWaitsNamesWhomAndWhatIsKnownOfIt() {
    open(3, 3, LONG);
    FakeLink a = joined("a");
    FakeLink b = joined("b");
    FakeLink c = joined("c");
    run.disconnected(c, new TributaryException(ErrorCode.CONNECTION_LOST, "gone"));
    List<EncodedPart> parts = parts(1, 1, 1);
    open(b, 1, 1, 1, false).give(parts.get(0));
    contribute(a, 0, 1, 1);
    pass(9);
    assertThat(waits()).isEmpty();
    pass(5);
    assertThat(waits()).hasSize(1);
    RunEvent.Waiting waiting = waits().get(0);
    assertThat(waiting.fragment()).isEqualTo(1);
    assertThat(waiting.version()).isEqualTo(1);
    assertThat(waiting.seconds()).isEqualTo(14.0);
    assertThat(waiting.agents())
        .containsExactly(
            "b: nothing received for 5.0 s, its link is up, 1 of "
                + parts.size()
                + " chunks are here",
            "c: disconnected for 14.0 s, nothing of it is here");
    pass(9);
    assertThat(waits()).hasSize(1);
    pass(1);
    assertThat(waits()).as("again, as long as it lasts").hasSize(2);
    assertThat(waits().get(1).agents().get(0)).startsWith("b: nothing received for 15.0 s");
  }

  @Test
  void whenNothingIsHeardOfAnybodyTheNextVersionIsNamed() {
    open(2, 2, LONG);
    joined("a");
    pass(11);
    assertThat(waits()).hasSize(1);
    assertThat(waits().get(0).agents())
        .containsExactly(
            "a: nothing received for 11.0 s, its link is up, nothing of it is here",
            "agent #2: never joined for 11.0 s, nothing of it is here");
  }

  @Test
  void whoTrainsIsNotAStall() {
    open(1, 1, LONG);
    FakeLink a = joined("a");
    for (int i = 1; i <= 10; i++) {
      run.progress(a, new AgentProgress(i, 0.5, 0, 0));
      pass(9);
    }
    assertThat(waits()).isEmpty();
  }
}
