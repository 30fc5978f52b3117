package io.tributary.agent.split;

import io.tributary.error.ErrorCode;
import io.tributary.link.FarPeer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a server knows of one client: the codec's end, which of its micro-batches wait, and the
 * answers of its last step, so that what is sent again is answered again and not learned again.
 */
final class ServedClient implements AutoCloseable {
  private final String session;
  private final int place;
  private final SplitServer end;
  private final TreeMap<Integer, SplitConnection.Arrived> waiting = new TreeMap<>();
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

  ServedClient(FarPeer peer, String session, int place, SplitServer end) {
    this.peer = peer;
    this.session = session;
    this.place = place;
    this.end = end;
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

  SplitServer end() {
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

  /** The step that it is at. */
  int step() {
    return step;
  }

  /** Whether some of its micro-batches of that step, but not all, are learned. */
  boolean underWay() {
    return learned > 0;
  }

  boolean isRefused(int which) {
    return which == refused;
  }

  /** The answer to a micro-batch that was learned, or null. */
  @Nullable SplitParts answer(int which, int index) {
    return which == step ? answers.get(index) : null;
  }

  /** Keeps a micro-batch until its turn; one with the same place makes room. */
  void await(SplitConnection.Arrived message) {
    asked = false;
    SplitConnection.Arrived former = waiting.put(message.header().fragment(), message);
    if (former != null) {
      former.stream().reject(ErrorCode.CANCELLED, "the same was sent again");
    }
  }

  /** The micro-batch whose turn it is, or null if it isn't here. */
  SplitConnection.@Nullable Arrived next() {
    return waiting.get(learned);
  }

  /** Whether a table is to be asked for: once for what waits, and again when it was sent again. */
  boolean asksNow() {
    boolean first = !asked;
    asked = true;
    return first;
  }

  /** Begins the step of a first micro-batch. */
  void begin(int which) {
    if (learned == 0) {
      step = which;
      answers.clear();
    }
  }

  /** A micro-batch is learned; true if it was the last of its step, which is counted now. */
  boolean learned(SplitParts answer, int ofStep) {
    asked = false;
    waiting.remove(learned);
    answers.put(learned, answer);
    learned++;
    if (learned < ofStep) {
      return false;
    }
    learned = 0;
    counted = step;
    return true;
  }

  /** The step is refused; what waits of it is dropped. */
  void refuse(int which, String reason) {
    refused = which;
    counted = which;
    step = which;
    learned = 0;
    answers.clear();
    drop(ErrorCode.NON_FINITE, reason);
  }

  private void drop(ErrorCode code, String reason) {
    waiting.values().forEach(message -> message.stream().reject(code, reason));
    waiting.clear();
  }

  @Override
  public void close() {
    drop(ErrorCode.PEER_ABSENT, "the server has let this client go");
    end.close();
  }
}
