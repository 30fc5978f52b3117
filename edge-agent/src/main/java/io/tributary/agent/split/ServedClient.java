package io.tributary.agent.split;

import io.tributary.error.ErrorCode;
import io.tributary.link.FarPeer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a server knows of one client: its end of the cuts, which of its micro-batches wait, and the
 * answers of its last step, so that what is sent again is answered again and not learned again.
 *
 * <p>Where labels stay, a micro-batch waits twice: for its activations to be passed on to the last
 * cut, and for what comes back of them.
 */
final class ServedClient implements AutoCloseable {
  private final String session;
  private final int place;
  private final ServedEnd end;
  private final boolean labelsStay;
  private final ClientPace pace;

  /** By micro-batch the activations. */
  private final Map<Integer, SplitConnection.Arrived> waiting = new TreeMap<>();

  /** By micro-batch what has come back of those that were passed on. */
  private final Map<Integer, SplitConnection.Arrived> back = new TreeMap<>();

  /** By micro-batch of the step under way what was passed on. */
  private final Map<Integer, SplitParts> passed = new HashMap<>();

  private final Map<Integer, SplitParts> answers = new HashMap<>();
  private FarPeer peer;

  /** The client's step whose micro-batches are being learned, or were last. */
  private int step;

  private int learned;
  private int counted;
  private int refused;
  private boolean asked;
  private boolean absent;
  private boolean finished;
  private int backTo = SplitPlace.AS_IT_IS;

  /** The end as it was at the end of the last turn, if that was to be kept. */
  private byte @Nullable [] endOfTurn;

  ServedClient(
      FarPeer peer, String session, int place, ServedEnd end, boolean labelsStay, ClientPace pace) {
    this.peer = peer;
    this.session = session;
    this.place = place;
    this.end = end;
    this.labelsStay = labelsStay;
    this.pace = pace;
  }

  /** How long it is waited for. */
  ClientPace pace() {
    return pace;
  }

  boolean isOf(String otherSession) {
    return session.equals(otherSession);
  }

  FarPeer peer() {
    return peer;
  }

  /** It has connected again. */
  void reached(FarPeer now) {
    peer = now;
    absent = false;
  }

  int place() {
    return place;
  }

  ServedEnd end() {
    return end;
  }

  /** Its last step that has been counted, or refused: neither comes again. */
  int counted() {
    return counted;
  }

  /** Whether the server goes on without it for now. */
  boolean absent() {
    return absent;
  }

  void setAbsent(boolean now) {
    absent = now;
  }

  boolean finished() {
    return finished;
  }

  void finish() {
    finished = true;
    drop(ErrorCode.CANCELLED, "the client has finished");
  }

  /** To what it was told to go back when it joined. */
  int backTo() {
    return backTo;
  }

  void setBackTo(int step) {
    backTo = step;
  }

  /** Goes back to what was kept of it. */
  void restore(ServerStates.KeptClient kept) {
    kept.restore(end);
    counted = kept.counted();
  }

  /** Its turn is over, behind which its state is to be kept. */
  void rememberEndOfTurn() {
    endOfTurn = ServerStates.bytes(end);
  }

  /** The end as it was then, or as it is if it had no turn. */
  byte[] endOfTurn() {
    return endOfTurn == null ? ServerStates.bytes(end) : endOfTurn;
  }

  /** All is kept. */
  void forgetEndOfTurn() {
    endOfTurn = null;
  }

  /** It has to join again: what waits is dropped, as it will be sent again. */
  void interrupt() {
    finished = false;
    drop(ErrorCode.CANCELLED, "the server goes back");
  }

  /** The step that it is at. */
  int step() {
    return step;
  }

  /** Whether some of its micro-batches of that step, but not all, are learned or passed on. */
  boolean underWay() {
    return learned > 0 || !passed.isEmpty();
  }

  boolean isRefused(int which) {
    return which == refused;
  }

  /** The answer to a micro-batch that was learned, or null. */
  @Nullable SplitParts answer(int which, int index) {
    return which == step ? answers.get(index) : null;
  }

  /** What a micro-batch of the step under way was passed on as, or null. */
  @Nullable SplitParts passed(int which, int index) {
    return which == step ? passed.get(index) : null;
  }

  /** Keeps activations until their turn; those of the same micro-batch make room. */
  void await(SplitConnection.Arrived message) {
    await(waiting, message);
  }

  /** Keeps what has come back of a micro-batch until its turn. */
  void awaitBack(SplitConnection.Arrived message) {
    await(back, message);
  }

  private void await(Map<Integer, SplitConnection.Arrived> where, SplitConnection.Arrived message) {
    asked = false;
    SplitConnection.Arrived former = where.put(message.header().fragment(), message);
    if (former != null) {
      former.stream().reject(ErrorCode.CANCELLED, "the same was sent again");
    }
  }

  /** The micro-batch that is to be learned next, or null if it isn't here. */
  SplitConnection.@Nullable Arrived next() {
    return labelsStay ? back.get(learned) : waiting.get(learned);
  }

  /** Where labels stay, the micro-batch that is to be passed on next, or null. */
  SplitConnection.@Nullable Arrived nextToPass() {
    return labelsStay ? waiting.get(passed.size()) : null;
  }

  /** Whether a table is to be asked for: once for what waits, and again when it was sent again. */
  boolean asksNow() {
    boolean first = !asked;
    asked = true;
    return first;
  }

  /** Begins the step of a first micro-batch. */
  void begin(int which) {
    if (!underWay()) {
      step = which;
      answers.clear();
    }
  }

  /** The next micro-batch is passed on. */
  void passedOn(SplitParts parts) {
    asked = false;
    waiting.remove(passed.size());
    passed.put(passed.size(), parts);
  }

  /**
   * A micro-batch is learned.
   *
   * @param last whether it was the last of its step, which is counted now
   */
  void learned(SplitParts answer, boolean last) {
    asked = false;
    waiting.remove(learned);
    back.remove(learned);
    answers.put(learned, answer);
    learned++;
    if (last) {
      learned = 0;
      passed.clear();
      counted = step;
      pace.stepEnded();
      end.update();
    }
  }

  /** The step is refused; what waits of it is dropped. */
  void refuse(int which, String reason) {
    refused = which;
    counted = which;
    step = which;
    learned = 0;
    passed.clear();
    answers.clear();
    end.abandon();
    drop(ErrorCode.NON_FINITE, reason);
  }

  private void drop(ErrorCode code, String reason) {
    for (var kept : List.of(waiting, back)) {
      kept.values().forEach(message -> message.stream().reject(code, reason));
      kept.clear();
    }
  }

  @Override
  public void close() {
    drop(ErrorCode.PEER_ABSENT, "the server has let this client go");
    end.close();
  }
}
