package io.tributary.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.StreamKind;
import io.tributary.run.AgentProgress;
import io.tributary.run.ExchangeInterval;
import io.tributary.run.FragmentOrder;
import io.tributary.run.JoinReply;
import io.tributary.run.JoinRequest;
import io.tributary.run.MessageKind;
import io.tributary.run.RunDocuments;
import io.tributary.run.RunManifest;
import io.tributary.run.TestModels;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CoordinatorSessionTest {
  private static final RunManifest MANIFEST = TestModels.manifest(2, 2);
  private static final byte[] CHECKSUM = new byte[12];

  private final CoordinatorSession session =
      new CoordinatorSession("a", MANIFEST.schema(), null, null, 0);

  private static TributaryException lost() {
    return new TributaryException(ErrorCode.CONNECTION_LOST, "gone");
  }

  private static PendingContribution contribution(int fragment, int version) {
    return new PendingContribution(fragment, version, 8, List.of());
  }

  private static byte[] welcome(boolean snapshot, List<Integer> committed, List<Integer> received) {
    return RunDocuments.toBytes(new JoinReply(MANIFEST, 1, snapshot, committed, received));
  }

  private static void answer(CoordinatorSession session, NotingLink link, byte[] welcome) {
    session.message(link, MessageKind.WELCOME.number(), welcome);
  }

  private NotingLink connected(List<Integer> committed, List<Integer> received) {
    var link = new NotingLink();
    session.connected(link);
    answer(session, link, welcome(false, committed, received));
    return link;
  }

  private NotingLink connected() {
    return connected(List.of(0, 0, 0), List.of(0, 0, 0));
  }

  private static TributaryException failureOf(Runnable wait) {
    try {
      wait.run();
    } catch (TributaryException e) {
      return e;
    }
    throw new AssertionError("expected a failure");
  }

  @Test
  void nothingButJoinIsSentBeforeTheWelcome() {
    NotingLink first = connected();
    session.contribute(contribution(0, 1));
    assertThat(first.sent).hasSize(1);
    assertThat(first.sent.get(0).repeated()).isFalse();
    session.disconnected(first, lost());
    session.contribute(contribution(1, 1));

    var second = new NotingLink();
    session.connected(second);
    session.contribute(contribution(2, 1));
    session.progress(new AgentProgress(1, 1, 1, 1));
    assertThat(second.messages).containsExactly(MessageKind.JOIN);
    assertThat(second.sent).isEmpty();
    answer(session, second, welcome(false, List.of(0, 0, 0), List.of(0, 0, 0)));
    assertThat(second.sent.stream().map(s -> s.header().fragment())).containsExactly(0, 1, 2);
    assertThat(second.sent.stream().map(NotingLink.Sent::repeated))
        .as("only the first may have arrived before")
        .containsExactly(true, false, false);
  }

  @Test
  void whatTheCoordinatorHoldsIsNotSentAgain() {
    var earlier =
        new AgentState(
            MANIFEST.run(),
            4,
            List.of(0, 0, 0),
            List.of(contribution(0, 1), contribution(1, 1)),
            List.of(0L, 0L, 0L),
            List.of(FeedbackMark.NONE, FeedbackMark.NONE, FeedbackMark.NONE),
            1000,
            2000);
    var again = new CoordinatorSession("a", MANIFEST.schema(), earlier, null, 0);
    var link = new NotingLink();
    again.connected(link);
    answer(again, link, welcome(false, List.of(0, 0, 0), List.of(0, 1, 0)));
    assertThat(link.sent).hasSize(1);
    assertThat(link.sent.get(0).header().fragment()).isZero();
    assertThat(link.sent.get(0).repeated()).isTrue();
    assertThat(link.sent.get(0).header().participant()).isEqualTo(1);
    assertThat(again.pending()).as("kept until applied").hasSize(2);
    assertThat(again.bytesUp()).isEqualTo(1500);
    again.applied(1, 1, CHECKSUM);
    assertThat(again.pending()).hasSize(1);
    assertThat(link.messages).containsExactly(MessageKind.JOIN, MessageKind.CHECKSUM);
    again.disconnected(link, lost());
    assertThat(again.bytesUp()).isEqualTo(1500);
    assertThat(again.bytesDown()).isEqualTo(2070);
  }

  @Test
  void onlyAFewContributionsAreUnderWayAtOnce() {
    NotingLink link = connected();
    for (int version = 1; version <= 12; version++) {
      session.contribute(contribution(version % 3, version));
    }
    assertThat(link.sent).hasSize(8);
    link.sent.get(0).result().success();
    assertThat(link.sent).hasSize(9);
    link.sent.get(1).result().error(new TributaryException(ErrorCode.WRONG_VERSION, "too late"));
    assertThat(link.sent).hasSize(10);
    assertThat(session.pending()).hasSize(11);
    assertThatCode(session::check).doesNotThrowAnyException();
  }

  @Test
  void aRefusedContributionEndsTheAgentInsteadOfWaitingForEver() {
    for (ErrorCode code : List.of(ErrorCode.PROTOCOL_VIOLATION, ErrorCode.LIMIT_EXCEEDED)) {
      var one = new CoordinatorSession("a", MANIFEST.schema(), null, null, 0);
      var link = new NotingLink();
      one.connected(link);
      answer(one, link, welcome(false, List.of(0, 0, 0), List.of(0, 0, 0)));
      one.contribute(contribution(0, 1));
      link.sent.get(0).result().error(new TributaryException(code, "no"));
      assertThat(failureOf(() -> one.awaitChange(0, 1)).code()).isEqualTo(code);
    }
  }

  /** A coordinator whose disk is full gives up what is under way before it ends. */
  @Test
  void aContributionThatIsGivenUpIsSentAgainOnTheNextConnection() {
    NotingLink link = connected();
    session.contribute(contribution(0, 1));
    var cancelled = new TributaryException(ErrorCode.CANCELLED, "given up");
    link.sent.get(0).result().error(cancelled);
    session.check();
    assertThat(link.closed).isTrue();
    session.disconnected(link, lost());

    NotingLink second = connected();
    assertThat(second.sent).hasSize(1);
    assertThat(second.sent.get(0).repeated()).isTrue();
    second.sent.get(0).result().error(cancelled);
    session.disconnected(second, lost());

    NotingLink third = connected();
    third.sent.get(0).result().error(cancelled);
    assertThat(failureOf(session::check))
        .as("who always gives up can't be talked to")
        .isEqualTo(cancelled);
  }

  @Test
  void aContributionThatDoesntCountIsKeptForTheNextConnection() {
    NotingLink link = connected();
    session.contribute(contribution(0, 1));
    link.sent
        .get(0)
        .result()
        .error(new TributaryException(ErrorCode.NON_FINITE, "expected a finite value"));
    assertThatCode(session::check).doesNotThrowAnyException();
    session.contribute(contribution(1, 1));
    assertThat(link.sent).as("not sent again here").hasSize(2);
    assertThat(session.pending()).hasSize(2);
    session.disconnected(link, lost());
    assertThat(connected().sent).as("both again").hasSize(2);
  }

  @Test
  void aLostConnectionEndsNothing() {
    NotingLink link = connected();
    session.contribute(contribution(0, 1));
    link.sent.get(0).result().error(lost());
    session.disconnected(link, lost());
    assertThatCode(session::check).doesNotThrowAnyException();
    // A late word of the old connection changes nothing on the new one.
    NotingLink next = connected();
    assertThat(next.sent).hasSize(1);
    link.sent.get(0).result().success();
    session.disconnected(link, lost());
    session.contribute(contribution(1, 1));
    assertThat(next.sent).hasSize(2);
  }

  @Test
  void changesAndSnapshotsReachTheWaitingWorker() throws Exception {
    NotingLink link = connected();
    var worker = new CompletableFuture<Aggregate>();
    var thread =
        new Thread(
            () -> worker.complete(java.util.Objects.requireNonNull(session.awaitChange(1, 1))),
            "waits for a change");
    thread.start();
    var other = new ArrivingStream(StreamKind.AGGREGATE, 0, 1);
    session.stream(link, other);
    assertThat(other.acknowledged).isTrue();
    assertThat(worker).isNotDone();
    session.stream(link, new ArrivingStream(StreamKind.AGGREGATE, 1, 1));
    assertThat(worker.get(10, TimeUnit.SECONDS).version()).isEqualTo(1);
    session.applied(1, 1, CHECKSUM);
    // One that was applied already is taken off the wire and forgotten.
    var old = new ArrivingStream(StreamKind.AGGREGATE, 1, 1);
    session.stream(link, old);
    assertThat(old.acknowledged).isTrue();

    for (int f = 0; f < 3; f++) {
      assertThat(session.snapshotComplete()).isFalse();
      session.stream(link, new ArrivingStream(StreamKind.SNAPSHOT, f, 5));
    }
    assertThat(session.awaitChange(0, 4)).as("a snapshot has come instead").isNull();
    assertThat(session.awaitSnapshot()).hasSize(3);
    assertThat(session.snapshotComplete()).isFalse();
  }

  /** A coordinator that still has all changes sends them to whoever names a version. */
  @Test
  void aModelThatWasCutOffOnItsWayIsAskedForAgain() {
    List<Integer> versions = List.of(1, 1, 1);
    var first = new NotingLink();
    session.connected(first);
    answer(session, first, welcome(true, versions, versions));
    session.stream(first, new ArrivingStream(StreamKind.SNAPSHOT, 0, 1));
    session.disconnected(first, lost());

    var second = new NotingLink();
    session.connected(second);
    assertThat(join(second).applied()).as("nothing is applied yet").isEmpty();
    answer(session, second, welcome(true, versions, versions));
    for (int f = 0; f < 3; f++) {
      session.stream(second, new ArrivingStream(StreamKind.SNAPSHOT, f, 1));
    }
    assertThat(session.awaitSnapshot()).hasSize(3);
    for (int f = 0; f < 3; f++) {
      session.applied(f, 1, CHECKSUM);
    }
    session.disconnected(second, lost());
    var third = new NotingLink();
    session.connected(third);
    assertThat(join(third).applied()).isEqualTo(versions);
  }

  private static JoinRequest join(NotingLink link) {
    return RunDocuments.fromBytes(link.bodies.get(0), JoinRequest.class);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    NotingLink link = connected();
    var beyond = new ArrivingStream(StreamKind.AGGREGATE, 3, 1);
    session.stream(link, beyond);
    assertThat(beyond.rejectedWith).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    var wrong = new ArrivingStream(StreamKind.CONTRIBUTION, 0, 1);
    session.stream(link, wrong);
    assertThat(wrong.rejectedWith).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    var early = new NotingLink();
    session.connected(early);
    var before = new ArrivingStream(StreamKind.AGGREGATE, 0, 1);
    session.stream(early, before);
    assertThat(before.rejectedWith).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    assertThatThrownBy(() -> session.message(link, 99, new byte[0]))
        .isInstanceOf(TributaryException.class);
    assertThatThrownBy(() -> session.message(link, MessageKind.JOIN.number(), new byte[0]))
        .isInstanceOf(TributaryException.class);
    assertThatThrownBy(() -> answer(session, link, welcome(false, List.of(0), List.of(0))))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("3 fragments");
    RunManifest m = MANIFEST;
    var other =
        new RunManifest(
            RunManifest.FORMAT,
            "f".repeat(32),
            m.seed(),
            2,
            2,
            12,
            ExchangeInterval.fixed(6),
            FragmentOrder.STRIDED,
            2,
            1,
            0.5f,
            0,
            "nesterov:0.7,0.9",
            "none",
            "raw32",
            "raw32",
            m.schema());
    byte[] elsewhere =
        RunDocuments.toBytes(new JoinReply(other, 0, false, List.of(0, 0, 0), List.of(0, 0, 0)));
    assertThatThrownBy(() -> answer(session, link, elsewhere))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OTHER_RUN));
  }

  @Test
  void aRefusalEndsTheWaitWithItsReason() {
    var link = new NotingLink();
    session.connected(link);
    session.disconnected(link, new TributaryException(ErrorCode.RUN_FULL, "all taken"));
    assertThat(failureOf(session::awaitReply).code()).isEqualTo(ErrorCode.RUN_FULL);
    var tooNew = new CoordinatorSession("a", MANIFEST.schema(), null, null, 0);
    tooNew.refused("x", lost());
    assertThatCode(tooNew::check).doesNotThrowAnyException();
    tooNew.refused("x", new TributaryException(ErrorCode.TOO_NEW, "newer"));
    assertThat(failureOf(tooNew::awaitReply).code()).isEqualTo(ErrorCode.TOO_NEW);
  }

  @Test
  void stoppingEndsEveryWait() throws Exception {
    var ended = new CompletableFuture<TributaryException>();
    var thread =
        new Thread(() -> ended.complete(failureOf(session::awaitReply)), "waits for a reply");
    thread.start();
    session.stop();
    TributaryException e = ended.get(10, TimeUnit.SECONDS);
    assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
    assertThat(e.getMessage()).contains("same data folder");
    assertThat(session.isStopped()).isTrue();
    assertThatThrownBy(session::check).isSameAs(e);
  }

  @Test
  void theEndIsConfirmedOnEveryConnectionUntilTheFarewell() throws Exception {
    NotingLink first = connected();
    var done = new CompletableFuture<Boolean>();
    var thread =
        new Thread(
            () -> {
              session.finish(new byte[] {'{', '}'});
              done.complete(true);
            },
            "finishes");
    thread.start();
    while (!first.messages.contains(MessageKind.FINISHED)) {
      Thread.onSpinWait();
    }
    session.disconnected(first, lost());
    NotingLink second = connected();
    assertThat(second.messages).containsExactly(MessageKind.JOIN, MessageKind.FINISHED);
    assertThat(done).isNotDone();
    session.message(second, MessageKind.FAREWELL.number(), new byte[0]);
    assertThat(done.get(10, TimeUnit.SECONDS)).isTrue();
    session.disconnected(second, lost());
    assertThatCode(session::check).doesNotThrowAnyException();
  }

  @Test
  void aWorkerThatWaitsForAVersionSaysThatItLives() throws Exception {
    NotingLink link = connected();
    var change = new CompletableFuture<TributaryException>();
    var thread =
        new Thread(() -> change.complete(failureOf(() -> session.awaitChange(0, 1))), "waits");
    thread.start();
    while (!link.messages.contains(MessageKind.WAITING)) {
      Thread.onSpinWait();
    }
    session.stop();
    assertThat(change.get(10, TimeUnit.SECONDS).code()).isEqualTo(ErrorCode.CANCELLED);
  }

  @Test
  void aRunThatEndsWithoutThisAgentIsSaid() {
    NotingLink link = connected();
    session.message(link, MessageKind.FAREWELL.number(), new byte[0]);
    assertThatCode(session::check).doesNotThrowAnyException();
    session.disconnected(link, lost());
    assertThat(failureOf(() -> session.awaitChange(0, 1)))
        .hasMessageContaining("the run has ended without this agent");
  }

  @Test
  void progressIsSaidAFewTimesASecondOnly() {
    NotingLink link = connected();
    for (int step = 0; step < 1000; step++) {
      session.progress(new AgentProgress(step, 1, 0, 0));
    }
    assertThat(link.messages.stream().filter(m -> m == MessageKind.PROGRESS).count())
        .isBetween(1L, 20L);
  }

  @Test
  void aConnectionOnWhichTooMuchWaitsIsGivenUpAndNotTheAgent() {
    NotingLink link = connected();
    link.full = true;
    session.applied(0, 1, CHECKSUM);
    assertThat(link.closed).isTrue();
    assertThatCode(session::check).doesNotThrowAnyException();
    session.disconnected(link, lost());
    assertThat(connected(List.of(1, 0, 0), List.of(1, 0, 0)).messages)
        .containsExactly(MessageKind.JOIN, MessageKind.CHECKSUM);
  }

  /** A network that changes bytes passes; a peer that only speaks nonsense doesn't. */
  @Test
  void bytesThatWereChangedOnTheWayEndAConnectionAndNotTheRun() {
    var changed = new TributaryException(ErrorCode.MALFORMED, "checksum");
    for (int i = 0; i < 5; i++) {
      NotingLink link = connected();
      session.refused("x", new TributaryException(ErrorCode.NOT_TRUSTED, "handshake"));
      session.contribute(contribution(0, 1 + i));
      link.sent.get(link.sent.size() - 1).result().success();
      session.disconnected(link, changed);
      assertThatCode(session::check).doesNotThrowAnyException();
    }
    session.refused("x", new TributaryException(ErrorCode.NOT_TRUSTED, "handshake"));
    assertThatCode(session::check).doesNotThrowAnyException();
    session.refused("x", new TributaryException(ErrorCode.NOT_TRUSTED, "handshake"));
    assertThatThrownBy(session::check).hasMessage("handshake");
  }
}
