package io.tributary.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.run.AgentProgress;
import io.tributary.run.EncodedPart;
import io.tributary.run.JoinRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is waited for, for how long and why, by a clock that the test turns. */
class StallTest extends RunFixture {
  private List<RunEvent.Waiting> waits() {
    return events.stream()
        .filter(RunEvent.Waiting.class::isInstance)
        .map(RunEvent.Waiting.class::cast)
        .toList();
  }

  @Test
  void aTransferThatProgressesIsNeverSilentHoweverSlow() {
    open(2, 1);
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
        .containsExactly(
            "b: connected, but not at work yet for 60.0 s; allowed: 60.0 s, the first guess to be back");
  }

  @Test
  void aStalledOneIsLeftOutThoughItsLinkIsUp() {
    open(2, 1);
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
    open(3, 3);
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
    open(2, 2);
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
    open(1, 1);
    FakeLink a = joined("a");
    for (int i = 1; i <= 10; i++) {
      run.progress(a, new AgentProgress(i, 0.5, 0, 0));
      pass(9);
    }
    assertThat(waits()).isEmpty();
  }

  /** A run of two of whom one is enough; b trains at a step in so many seconds. */
  private FakeLink[] atWork(double step) {
    open(2, 1);
    FakeLink[] links = {joined("a"), joined("b")};
    steps(3, step, links);
    contribute(links[0], 0, 1, 1);
    contribute(links[1], 1, 1, 1);
    assertThat(commits()).hasSize(1);
    return links;
  }

  private void steps(int count, double seconds, FakeLink... links) {
    for (int i = 0; i < count; i++) {
      pass(seconds);
      for (FakeLink link : links) {
        run.progress(link, new AgentProgress(i, 0.5, 0, 0));
      }
    }
  }

  private String exclusion(int commit) {
    assertThat(commits()).hasSize(commit + 1);
    assertThat(commits().get(commit).exclusions()).hasSize(1);
    return commits().get(commit).exclusions().get(0);
  }

  @Test
  void whoGivesNoSignIsLeftOutByItsOwnPace() {
    FakeLink[] links = atWork(3);
    steps(30, 3, links); // a round of 90 seconds
    contribute(links[0], 0, 1, 2);
    pass(11.75);
    assertThat(commits()).hasSize(1);
    pass(0.25);
    assertThat(exclusion(1))
        .isEqualTo(
            "b: connected, but no sign of work for 12.0 s; allowed: 12.0 s, 4 times the usual"
                + " 3.0 s between signs");
  }

  @Test
  void aDeadTrainerIsMissedSoonThoughARoundTakesAnHour() {
    FakeLink[] links = atWork(3);
    pass(3600);
    contribute(links[0], 0, 1, 2);
    assertThat(exclusion(1)).contains("no sign of work for 3600.0 s; allowed: 12.0 s");
  }

  @Test
  void aWorkerThatWaitsForTheOthersIsNotSilent() {
    FakeLink[] links = atWork(3);
    steps(300, 3, links);
    contribute(links[1], 1, 1, 2);
    for (int i = 0; i < 1000; i++) {
      run.progress(links[0], new AgentProgress(i, 0.5, 0, 0));
      run.waits(links[1]);
      pass(1);
    }
    assertThat(commits()).hasSize(1);
    contribute(links[0], 0, 1, 2);
    pass(2);
    contribute(links[0], 0, 1, 3);
    pass(2);
    assertThat(commits()).as("both are at work").hasSize(2);
  }

  @Test
  void whoHasNewToDoIsNotSilentYet() {
    FakeLink[] links = atWork(3);
    steps(30, 3, links);
    contribute(links[1], 1, 1, 2);
    steps(3, 3, links[0]);
    contribute(links[0], 0, 1, 2); // b hasn't been heard for nine seconds, and had nothing to do
    contribute(links[0], 0, 1, 3);
    pass(11.75);
    assertThat(commits()).hasSize(2);
    pass(0.25);
    assertThat(exclusion(2)).contains("no sign of work for 12.0 s");
  }

  @Test
  void whoIsBackAsSoonAsUsualIsWaitedForThoughRoundsAreShort() {
    FakeLink[] links = atWork(0.5);
    run.disconnected(links[1], new TributaryException(ErrorCode.CONNECTION_LOST, "killed"));
    contribute(links[0], 0, 1, 2);
    pass(5.75); // its first start took 1.5 s, and less than this is never too long
    assertThat(exclusion(1))
        .matches("b: disconnected for 5.8 s; allowed: 5.0 s, 4 times the usual 0.5 s being less.*");
  }

  @Test
  void aStartThatTakesLongIsAllowedFor() {
    open(2, 1);
    FakeLink a = joined("a");
    var said = new JoinRequest("b", null, List.of(), MODEL.hash(), MODEL, null, 30_000);
    FakeLink b = joined("b", said);
    steps(1, 5, b);
    run.progress(a, new AgentProgress(1, 0.5, 0, 0));
    run.disconnected(b, new TributaryException(ErrorCode.CONNECTION_LOST, "killed"));
    contribute(a, 0, 1, 1);
    pass(139.75);
    assertThat(commits()).isEmpty();
    pass(0.25);
    assertThat(exclusion(0))
        .isEqualTo(
            "b: disconnected for 140.0 s; allowed: 140.0 s, 4 times the usual 35.0 s to be back");
  }

  @Test
  void whatAProcessSaysOfItsStartIsBelievedUpToABound() {
    for (long said : new long[] {Long.MAX_VALUE, Long.MIN_VALUE}) {
      events.clear();
      open(2, 1);
      FakeLink a = joined("a");
      FakeLink b =
          joined("b", new JoinRequest("b", null, List.of(), MODEL.hash(), MODEL, null, said));
      steps(1, 1, b);
      run.disconnected(b, new TributaryException(ErrorCode.CONNECTION_LOST, "killed"));
      contribute(a, 0, 1, 1);
      pass(said > 0 ? 239 : 4);
      assertThat(commits()).isEmpty();
      pass(1);
      assertThat(commits()).hasSize(1);
      temporary = temporary.resolve("next");
    }
  }

  @Test
  void oneThatCrashesAgainAndAgainIsNotWaitedForWithoutEnd() {
    FakeLink[] links = atWork(3);
    contribute(links[0], 0, 1, 2); // a round that takes no time
    for (int i = 0; i < 12; i++) {
      assertThat(commits()).hasSize(1);
      run.disconnected(links[1], new TributaryException(ErrorCode.CONNECTION_LOST, "crashed"));
      links[1] = joined("b", rejoin("b", 0, 0, 0));
      pass(1);
    }
    assertThat(exclusion(1)).startsWith("b: connected, but not at work yet for 12.0 s");
  }
}
