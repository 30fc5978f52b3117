package io.tributary.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.CodecRange;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.Hello;
import io.tributary.link.StreamKind;
import io.tributary.run.AgentFinish;
import io.tributary.run.EncodedPart;
import io.tributary.run.FragmentChecksum;
import io.tributary.run.JoinReply;
import io.tributary.run.JoinRequest;
import io.tributary.run.TestModels;
import io.tributary.tensor.ModelSchema;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunTest extends RunFixture {
  @Test
  void aVersionIsMadeWhenAllHaveContributedAndTheirBytesAreForced() {
    open(2, 2);
    FakeLink a = joined("a");
    FakeLink b = joined("b");
    assertThat(a.reply().participant()).isZero();
    assertThat(b.reply().participant()).isEqualTo(1);
    FakeStream first = open(a, 0, 1, 1, false);
    parts(0, 1, 1).forEach(first::give);
    first.end();
    assertThat(run.wantsForce()).isTrue();
    assertThat(first.acknowledged).as("before the force").isFalse();
    run.forceAndAcknowledge();
    assertThat(first.acknowledged).isTrue();
    assertThat(store.committed(1)).isZero();
    contribute(b, 1, 1, 1);
    assertThat(store.committed(1)).isEqualTo(1);
    RunEvent.Committed commit = commits().get(0);
    assertThat(commit.participants()).containsExactly(0, 1);
    assertThat(commit.exclusions()).isEmpty();
    assertThat(a.streams).hasSize(1);
    assertThat(a.streams.get(0).header().kind()).isEqualTo(StreamKind.AGGREGATE);
    assertThat(b.streams).isEqualTo(a.streams);
    int checksum = java.util.Objects.requireNonNull(store.checksum(1, 1));
    run.checksum(a, new FragmentChecksum(1, 1, checksum));
    refused(
        ErrorCode.DIVERGED,
        () -> run.checksum(b, new FragmentChecksum(1, 1, checksum ^ 1)),
        "of b differ: fragment 1, version 1");
    refused(
        ErrorCode.PROTOCOL_VIOLATION,
        () -> run.checksum(b, new FragmentChecksum(3, 1, checksum)),
        "unknown fragment");
  }

  @Test
  void aQuorumGoesOnWhenPatienceHasRunOutAndNamesWhoIsLeftOut() {
    open(3, 1);
    FakeLink a = joined("a");
    FakeLink b = joined("b");
    FakeStream late = open(b, 1, 1, 1, false);
    late.give(parts(1, 1, 1).get(0));
    contribute(a, 0, 1, 1);
    pass(0.25); // its bytes are seen
    pass(59.75);
    assertThat(store.committed(1)).isZero();
    pass(0.25);
    assertThat(store.committed(1)).isEqualTo(1);
    List<String> exclusions = commits().get(0).exclusions();
    assertThat(exclusions).hasSize(2);
    assertThat(exclusions.get(1))
        .isEqualTo(
            "agent #3: never joined for 60.3 s; allowed: 60.0 s, the first guess to be back");
    assertThat(exclusions.get(0))
        .isEqualTo(
            "b: connected, but not at work yet for 60.0 s; allowed: 60.0 s, the first guess to be back");
    // What still comes of it is refused by its name, and no chunk of it is kept.
    late.give(parts(1, 1, 1).get(1));
    assertThat(late.rejectedWith).isEqualTo(ErrorCode.WRONG_VERSION);
    assertThat(late.rejection).contains("version 1 was made before");
    assertThat(late.allReleased()).isTrue();
    FakeStream again = contribute(b, 1, 1, 1);
    assertThat(again.rejectedWith).isEqualTo(ErrorCode.WRONG_VERSION);
    assertThat(again.rejection).contains("expected version 2, found 1");
    // The next round takes it in again.
    open(3, 3);
    assertThat(store.members()).containsExactly("a", "b");
  }

  @Test
  void anAgentWithoutALinkIsLeftOutWithItsName() {
    open(2, 1);
    FakeLink a = joined("a");
    FakeLink b = joined("b");
    run.disconnected(b, new TributaryException(ErrorCode.CONNECTION_LOST, "gone"));
    contribute(a, 0, 1, 1);
    pass(60);
    assertThat(commits().get(0).exclusions()).singleElement().asString().startsWith("b: discon");
    assertThat(b.streams).isEmpty();
    FakeLink back = joined("b", rejoin("b", 0, 0, 0));
    assertThat(back.reply().snapshot()).isFalse();
    assertThat(back.streams).hasSize(1);
    assertThat(back.streams.get(0).header().version()).isEqualTo(1);
    contribute(back, 1, 1, 2);
    pass(60);
    assertThat(commits().get(1).participants()).containsExactly(1);
  }

  @Test
  void withAllAsQuorumNobodyIsLeftOut() {
    open(2, 2);
    FakeLink a = joined("a");
    contribute(a, 0, 1, 1);
    pass(1e9);
    assertThat(store.committed(1)).isZero();
  }

  @Test
  void aRepeatedContributionGoesOnBehindWhatIsHeld() {
    open(1, 1);
    FakeLink a = joined("a");
    List<EncodedPart> parts = parts(0, 1, 1);
    FakeStream first = open(a, 0, 1, 1, false);
    first.give(parts.get(0));
    first.lose(new TributaryException(ErrorCode.CONNECTION_LOST, "cut"));
    FakeStream second = open(a, 0, 1, 1, true);
    assertThat(second.resumedAt).isEqualTo(1);
    parts.subList(1, parts.size()).forEach(second::give);
    second.end();
    run.forceAndAcknowledge();
    assertThat(second.acknowledged).isTrue();
    assertThat(store.committed(1)).isEqualTo(1);
  }

  /** A stream's ERROR or CANCEL may carry any code: the run isn't ended by one of its agents'. */
  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {"STORAGE", "INTERNAL"})
  void aFailureThatAnAgentReportsIsItsOwn(ErrorCode code) {
    open(1, 1);
    FakeLink a = joined("a");
    FakeStream broken = open(a, 0, 1, 1, false);
    broken.give(parts(0, 1, 1).get(0));
    broken.lose(new TributaryException(code, "my disk is full"));
    assertThat(broken.rejectedWith).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    assertThat(broken.rejection).contains("contribution of a", "my disk is full");
    contribute(a, 0, 1, 1);
    assertThat(store.committed(1)).isEqualTo(1);
  }

  @Test
  void whatAnOldConnectionStillDeliversDoesntCount() {
    open(1, 1);
    FakeLink old = joined("a");
    List<EncodedPart> parts = parts(0, 1, 1);
    FakeStream stale = open(old, 0, 1, 1, false);
    stale.give(parts.get(0));
    FakeLink fresh = joined("a", rejoin("a", 0, 0, 0));
    assertThat(old.failedWith).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    assertThat(old.failure).contains("another agent named a");
    FakeStream again = open(fresh, 0, 1, 1, true);
    assertThat(again.resumedAt).isEqualTo(1);
    stale.give(parts.get(1));
    stale.end();
    assertThat(stale.allReleased()).isTrue();
    parts.subList(1, parts.size()).forEach(again::give);
    again.end();
    run.forceAndAcknowledge();
    assertThat(again.rejectedWith).isNull();
    assertThat(again.acknowledged).isTrue();
    assertThat(stale.acknowledged).isFalse();
    run.disconnected(old, new TributaryException(ErrorCode.CONNECTION_LOST, "gone"));
    assertThat(events).noneMatch(RunEvent.Left.class::isInstance);
  }

  @Test
  void aContributionThatBeginsAnewTakesNothingMoreFromTheStreamBefore() {
    open(1, 1);
    FakeLink a = joined("a");
    List<EncodedPart> parts = parts(0, 1, 1);
    FakeStream before = open(a, 0, 1, 1, false);
    before.give(parts.get(0));
    FakeStream anew = open(a, 0, 1, 1, false);
    anew.give(parts.get(0));
    parts.subList(1, parts.size()).forEach(before::give);
    before.end();
    run.forceAndAcknowledge();
    assertThat(before.acknowledged).as("it counts for nothing").isFalse();
    assertThat(before.allReleased()).isTrue();
    anew.give(parts.get(1));

    open(1, 1); // what the journal holds is one contribution, not pieces of two
    FakeStream rest = open(joined("a", rejoin("a", 0, 0, 0)), 0, 1, 1, true);
    assertThat(rest.resumedAt).isEqualTo(2);
    parts.subList(2, parts.size()).forEach(rest::give);
    rest.end();
    run.forceAndAcknowledge();
    assertThat(rest.acknowledged).isTrue();
    assertThat(store.committed(1)).isEqualTo(1);
  }

  @Test
  void aWholeContributionThatIsSentAgainIsAcknowledgedAfterAForce() {
    open(2, 2);
    FakeLink a = joined("a");
    contribute(a, 0, 1, 1);
    FakeStream again = open(a, 0, 1, 1, true);
    assertThat(again.acknowledged).isFalse();
    assertThat(run.wantsForce()).isTrue();
    run.forceAndAcknowledge();
    assertThat(again.acknowledged).isTrue();
    assertThat(joined("a", rejoin("a", 0, 0, 0)).reply().received()).containsExactly(0, 1, 0);
  }

  @Test
  void aBadContributionIsRefusedWithItsOwnReason() {
    open(1, 1);
    FakeLink a = joined("a");
    List<EncodedPart> parts = parts(0, 1, 1);
    FakeStream gap = open(a, 0, 1, 1, false);
    gap.give(parts.get(1));
    gap.give(parts.get(2));
    assertThat(gap.rejectedWith).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    assertThat(gap.rejection).contains("contribution of a to fragment 1");
    assertThat(gap.allReleased()).isTrue();

    FakeStream cut = open(a, 0, 1, 1, false);
    cut.give(parts.get(0));
    cut.end();
    assertThat(cut.rejectedWith).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    assertThat(cut.rejection).contains("found its end");

    FakeStream early = open(a, 0, 1, 2, false);
    assertThat(early.rejectedWith).isEqualTo(ErrorCode.WRONG_VERSION);
    assertThat(early.rejection).contains("now at version 0: expected version 1, found 2");
    assertThat(open(a, 1, 1, 1, false).rejectedWith).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    FakeLink stranger = new FakeLink("x");
    assertThat(open(stranger, 0, 1, 1, false).rejectedWith).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    contribute(a, 0, 1, 1);
    assertThat(store.committed(1)).isEqualTo(1);
  }

  private void contributeNaN(FakeLink link, int participant) {
    FakeStream stream = open(link, participant, 1, 1, false);
    stream.give(TestContributions.notFinite(parts(participant, 1, 1).get(0)));
    assertThat(stream.rejectedWith).isEqualTo(ErrorCode.NON_FINITE);
    assertThat(stream.rejection).contains("element 1: expected a finite value, found NaN");
    assertThat(stream.allReleased()).isTrue();
  }

  @Test
  void valuesThatArentFiniteAreLeftOutAndTheRunGoesOn() {
    open(2, 2);
    FakeLink a = joined("a");
    FakeLink b = joined("b");
    contributeNaN(b, 1);
    assertThat(commits()).as("nothing to make it of yet").isEmpty();
    contribute(a, 0, 1, 1);
    assertThat(commits()).hasSize(1);
    assertThat(commits().get(0).participants()).containsExactly(0);
    assertThat(commits().get(0).exclusions().toString()).contains("b: ", "finite value, found NaN");
    contribute(a, 0, 2, 1);
    contribute(b, 1, 2, 1);
    assertThat(commits()).hasSize(2);
    assertThat(commits().get(1).exclusions()).isEmpty();
  }

  @Test
  void whenTheOnlyValuesArentFiniteAnywhereTheRunEnds() {
    open(2, 1);
    FakeLink a = joined("a");
    FakeLink b = joined("b");
    contributeNaN(a, 0);
    assertThat(ended).isNull();
    contributeNaN(b, 1);
    assertThat(ended).hasMessageContainingAll("fragment 1, version 1", "a: ", "b: ");
  }

  @Test
  void aRestartForgetsARefusalAndHearsItAgain() {
    open(2, 2);
    joined("a");
    contributeNaN(joined("b"), 1);
    open(2, 2);
    contribute(joined("a", rejoin("a", 0, 0, 0)), 0, 1, 1);
    assertThat(commits()).isEmpty();
    contributeNaN(joined("b", rejoin("b", 0, 0, 0)), 1);
    assertThat(commits()).hasSize(1);
  }

  @Test
  void strangersAreRefusedWithTheReason() {
    open(1, 1);
    FakeLink before = new FakeLink("a");
    refused(
        ErrorCode.OTHER_RUN,
        () -> run.join(before, new JoinRequest("a", "x", List.of(), MODEL.hash(), MODEL)),
        "none has begun here");
    assertThat(store.manifest()).isNull();
    refused(
        ErrorCode.PROTOCOL_VIOLATION,
        () -> run.join(new FakeLink("b"), join("a")),
        "the name of the connection, b");
    refused(
        ErrorCode.UNKNOWN_CODEC,
        () ->
            run.join(
                new FakeLink(
                    new Hello("a", new UUID(0, 0), 1, 1, List.of(new CodecRange(1, 1, 1)))),
                join("a")),
        "a doesn't decode what this run sends: expected e3m0 version 1");
    assertThat(store.manifest()).isNull();
    FakeLink a = joined("a");
    refused(
        ErrorCode.RUN_FULL,
        () -> joined("b"),
        "agent b: expected one of [a], since all 1 places of the run are taken");
    ModelSchema other = TestModels.layered(3);
    refused(
        ErrorCode.SCHEMA_MISMATCH,
        () -> joined("a", new JoinRequest("a", null, List.of(), other.hash(), other)),
        MODEL.hash(),
        other.hash());
    refused(
        ErrorCode.MALFORMED,
        () -> joined("a", new JoinRequest("a", null, List.of(), "00", MODEL)),
        "schema hash");
    refused(
        ErrorCode.OTHER_RUN,
        () -> joined("a", new JoinRequest("a", "other", List.of(0, 0, 0), MODEL.hash(), MODEL)),
        "another run",
        "empty data folder");
    refused(
        ErrorCode.OTHER_RUN, () -> joined("a", rejoin("a", 1, 0, 0)), "ahead of this coordinator");
    refused(ErrorCode.PROTOCOL_VIOLATION, () -> run.join(a, rejoin("a", 0, 0, 0)), "only one JOIN");
    refused(ErrorCode.OTHER_RUN, () -> joined("a", rejoin("a", 0, 0)), "ahead");
    refused(ErrorCode.OTHER_RUN, () -> joined("a", rejoin("a", 0, -1, 0)), "ahead");
  }

  @Test
  void aModelThatDoesntFitTheOptionsIsRefusedBeforeARunBegins() {
    open(1, 1, 3);
    refused(
        ErrorCode.SCHEMA_MISMATCH,
        () -> joined("a"),
        "doesn't fit the coordinator's options: fragments: expected 1 to the model's number of"
            + " layers, 2, found 3");
    assertThat(store.manifest()).isNull();
  }

  @Test
  void aLateJoinerGetsTheWholeModelLosslessly() {
    open(2, 1);
    FakeLink a = joined("a");
    pass(60); // nobody else is waited for any longer
    for (int version = 1; version <= 3; version++) {
      contribute(a, 0, 1, version);
    }
    FakeLink late = joined("late");
    JoinReply reply = late.reply();
    assertThat(reply.snapshot()).isTrue();
    assertThat(reply.committed()).containsExactly(0, 3, 0);
    assertThat(late.streams).hasSize(3);
    assertThat(late.streams).allMatch(s -> s.header().kind() == StreamKind.SNAPSHOT);
    assertThat(late.streams.stream().map(s -> s.header().version())).containsExactly(0, 3, 0);
    // Who lacks only changes that are still kept gets those, who lacks more the model.
    FakeLink near = joined("late", rejoin("late", 0, 1, 0));
    assertThat(near.reply().snapshot()).isFalse();
    assertThat(near.streams.stream().map(s -> s.header().version())).containsExactly(2, 3);
    assertThat(joined("late", rejoin("late", 0, 0, 0)).reply().snapshot()).isTrue();
  }

  @Test
  void aLateJoinerMayAskForACoarseCopyAhead() {
    open(2, 1);
    FakeLink a = joined("a");
    pass(60); // nobody else is waited for any longer
    contribute(a, 0, 1, 1);
    FakeLink late = joined("late", early("late", "e3m0"));
    assertThat(late.reply().snapshot()).isTrue();
    assertThat(late.streams.stream().map(s -> s.header().kind()))
        .containsExactly(
            StreamKind.OUTLINE,
            StreamKind.OUTLINE,
            StreamKind.OUTLINE,
            StreamKind.SNAPSHOT,
            StreamKind.SNAPSHOT,
            StreamKind.SNAPSHOT);
    assertThat(late.streams.stream().map(s -> s.header().version()))
        .containsExactly(0, 1, 0, 0, 1, 0);
    refused(
        ErrorCode.INVALID_SETTING,
        () -> joined("late", early("late", "e3m0+ef")),
        "expected one without error feedback");
    refused(ErrorCode.UNKNOWN_CODEC, () -> joined("late", early("late", "nosuch")), "nosuch");
  }

  private static JoinRequest early(String name, String codec) {
    return new JoinRequest(name, null, List.of(), MODEL.hash(), MODEL, codec, 0);
  }

  @Test
  void aConnectionThatTakesNothingIsEndedBeforeItFillsTheMemory() {
    steps = 120;
    open(2, 1);
    FakeLink a = joined("a");
    pass(60); // nobody else is waited for any longer
    var stuck = new FakeLink("stuck");
    stuck.takesStreams = false;
    run.join(stuck, join("stuck"));
    int made = 0;
    for (int version = 1; version <= 20 && !stuck.closed; version++) {
      for (int fragment = 0; fragment < 3 && !stuck.closed; fragment++) {
        contribute(a, 0, fragment, version);
        made++;
      }
    }
    assertThat(made).as("8 under way, 12 waiting, and the one too much").isEqualTo(21);
    assertThat(stuck.failedWith).as("it may come back").isNull();
  }

  @Test
  void aSlowConnectionIsSentWhatItsFragmentsAreByThen() {
    steps = 120;
    open(2, 1);
    FakeLink a = joined("a");
    pass(60); // nobody else is waited for any longer
    contribute(a, 0, 0, 1);
    contribute(a, 0, 1, 1);
    contribute(a, 0, 1, 2);
    contribute(a, 0, 1, 3);
    FakeLink late = joined("late");
    assertThat(late.streams.stream().map(s -> s.header().version())).containsExactly(1, 3, 0);
    contribute(a, 0, 0, 2);
    assertThat(late.streams.get(3).header().kind()).isEqualTo(StreamKind.AGGREGATE);
    assertThat(late.streams.get(3).header().version()).isEqualTo(2);
  }

  @Test
  void theRunIsOverWhenAllHaveConfirmedAndAllHearOfIt() {
    open(2, 2);
    FakeLink a = joined("a");
    FakeLink b = joined("b");
    refused(ErrorCode.PROTOCOL_VIOLATION, () -> finish(a), "before the last version");
    makeEverything(a, b);
    finish(a);
    // Confirmed, but away: it must still hear the end.
    run.disconnected(a, new TributaryException(ErrorCode.CONNECTION_LOST, "gone"));
    finish(b);
    assertThat(run.over()).isFalse();
    FakeLink back = joined("a", rejoin("a", store.committed().toArray(new Integer[0])));
    refused(
        ErrorCode.DIVERGED,
        () -> run.finished(back, new AgentFinish("0000")),
        "of a differ at the end");
    finish(back);
    assertThat(run.over()).isTrue();
    assertThat(back.dismissed()).isTrue();
    assertThat(b.dismissed()).isTrue();
    assertThat(events.get(events.size() - 1))
        .isEqualTo(new RunEvent.Finished(store.theta().fingerprint(), 8, List.of(2, 3, 3)));
    assertThat(store.isFinished()).isTrue();
  }

  @Test
  void aFinishedRunThatIsStartedAgainEndsWithoutAnybody() {
    open(2, 2);
    makeEverythingAndFinish();
    open(2, 2);
    pass(60);
    assertThat(run.over()).isTrue();
    open(2, 2);
    pass(59);
    assertThat(run.over()).as("while patience lasts an agent may come").isFalse();
    FakeLink a = joined("a", rejoin("a", 2, 3, 3));
    FakeLink b = joined("b", rejoin("b", 2, 3, 3));
    finish(a);
    finish(b);
    assertThat(run.over()).isTrue();
    assertThat(a.dismissed()).isTrue();
  }

  private void makeEverythingAndFinish() {
    FakeLink a = joined("a");
    FakeLink b = joined("b");
    makeEverything(a, b);
    finish(a);
    finish(b);
    assertThat(run.over()).isTrue();
  }

  @Test
  void aQuorumMayEndTheRunAndLateOnesAreStillDismissed() {
    open(2, 1);
    FakeLink a = joined("a");
    pass(60); // nobody else is waited for any longer
    makeEverything(a);
    finish(a);
    assertThat(run.over()).isTrue();
    FakeLink late = joined("late");
    assertThat(late.reply().snapshot()).isTrue();
    finish(late);
    assertThat(late.dismissed()).isTrue();
  }

  @Test
  void aRestartGoesOnWithTheRunWhateverTheOptionsSay() {
    open(2, 2);
    FakeLink a = joined("a");
    contribute(a, 0, 1, 1);
    String before = java.util.Objects.requireNonNull(store.manifest()).run();
    open(5, 3);
    FakeLink again = joined("a", rejoin("a", 0, 0, 0));
    assertThat(again.reply().manifest().run()).isEqualTo(before);
    assertThat(again.reply().manifest().participants()).isEqualTo(2);
    assertThat(again.reply().received()).containsExactly(0, 1, 0);
    contribute(joined("b"), 1, 1, 1);
    assertThat(store.committed(1)).isEqualTo(1);
  }
}
