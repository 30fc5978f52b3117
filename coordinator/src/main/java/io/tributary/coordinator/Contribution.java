package io.tributary.coordinator;

import io.tributary.coordinator.journal.RunRecord;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.InboundStream;
import io.tributary.run.Fragment;
import io.tributary.run.TensorSlice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has arrived of one participant's contribution to one version: chunks in the order of the
 * fragment's elements, without gap or overlap.
 *
 * <p>One stream at a time adds to it: when an agent comes back on a new connection, what the old
 * one still delivers doesn't count. Confined to the run's thread.
 */
final class Contribution {
  private final String owner;
  private final Fragment fragment;
  private final List<RunRecord.Chunk> chunks = new ArrayList<>();
  private @Nullable InboundStream source;
  private @Nullable Long begunAt;
  private long arrived;
  private int nextSlice;
  private int nextElement;
  private long tokens;
  private boolean complete;
  private @Nullable String refusal;
  private boolean closed;

  Contribution(String owner, Fragment fragment) {
    this.owner = owner;
    this.fragment = fragment;
  }

  /**
   * Checks that a chunk is the one that comes next.
   *
   * @throws TributaryException {@code PROTOCOL_VIOLATION} if it is another
   */
  void expect(int tensor, long first, int count) {
    if (covered()) {
      throw violation("no chunk beyond the last", "one more");
    }
    TensorSlice expected = fragment.slices().get(nextSlice);
    int from = expected.first() + nextElement;
    int left = expected.count() - nextElement;
    if (tensor != expected.tensor() || first != from || count < 1 || count > left) {
      throw violation(
          "tensor " + expected.tensor() + " from element " + from + ", " + left + " at most",
          "tensor " + tensor + " from element " + first + ", " + count);
    }
  }

  private TributaryException violation(String expected, String found) {
    return new TributaryException(
        ErrorCode.PROTOCOL_VIOLATION,
        "contribution of "
            + owner
            + " to fragment "
            + fragment.index()
            + ": expected "
            + expected
            + ", found "
            + found);
  }

  /** Takes a journalled chunk that was expected, or that a replayed journal gives. */
  void add(RunRecord.Chunk chunk) {
    chunks.add(chunk);
    nextElement += chunk.count();
    if (nextElement == fragment.slices().get(nextSlice).count()) {
      nextSlice++;
      nextElement = 0;
    }
  }

  /** Whether every element of the fragment is here. */
  boolean covered() {
    return nextSlice == fragment.slices().size();
  }

  /** Marks the contribution as whole, trained on so many tokens; its end is in the journal. */
  void complete(long trainedTokens) {
    tokens = trainedTokens;
    complete = true;
  }

  /** The tokens of a whole contribution. */
  long tokens() {
    return tokens;
  }

  /**
   * The version is to be made without this contribution, whose values can't be used. The agent that
   * sent it won't send another.
   */
  void refuse(String reason) {
    refusal = reason;
  }

  /** Why it can't be used, or null. */
  @Nullable String refusal() {
    return refusal;
  }

  /** Whether the end of the contribution is in the journal. */
  boolean isComplete() {
    return complete;
  }

  /** From now on this stream and no other adds to the contribution. */
  void takeFrom(InboundStream stream, long now) {
    source = stream;
    begunAt = begunAt == null ? Long.valueOf(now) : begunAt;
    arrived = stream.arrived();
  }

  /** Another contribution has taken its place: what its stream still delivers doesn't count. */
  void giveUp() {
    source = null;
  }

  /** When its first stream began, or null if none has in this process. */
  @Nullable Long begunAt() {
    return begunAt;
  }

  /** Whether bytes have arrived since the last call. */
  boolean grows() {
    InboundStream from = source;
    long before = arrived;
    if (from != null) {
      arrived = from.arrived();
    }
    return arrived > before;
  }

  /** How much is here, in words. */
  String extent() {
    InboundStream from = source;
    return from == null
        ? chunks.size() + " chunks of it are here"
        : chunks.size() + " of " + from.header().chunks() + " chunks are here";
  }

  /** Whether a stream is the one that adds to it. */
  boolean comesFrom(InboundStream stream) {
    return source == stream;
  }

  /** The version is made; what isn't in by now came too late. */
  void close() {
    closed = true;
  }

  /** Whether the version is made. */
  boolean isClosed() {
    return closed;
  }

  /** The chunks in order. */
  List<RunRecord.Chunk> chunks() {
    return chunks;
  }
}
