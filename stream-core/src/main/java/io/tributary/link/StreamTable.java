package io.tributary.link;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a link by id. The connecting side's ids are odd, the listening side's even, and
 * each side's ascend; so an id that isn't here was either never opened or has ended, and the two
 * can be told apart without remembering every stream that ever was.
 */
final class StreamTable {
  private final int parity;
  private final Set<OutboundEnd> outbound = new LinkedHashSet<>();
  private final Map<Integer, OutboundEnd> outboundById = new HashMap<>();
  private final Map<Integer, InboundEnd> inbound = new HashMap<>();
  private volatile int outboundCount;
  private volatile int inboundCount;
  private long nextOutbound;
  private long lastInbound;

  StreamTable(boolean client) {
    this.parity = client ? 1 : 0;
    this.nextOutbound = client ? 1 : 2;
  }

  void add(OutboundEnd stream) {
    outbound.add(stream);
    outboundCount = outbound.size();
  }

  /** Gives a stream that was added its id. */
  int nextId(OutboundEnd stream) {
    if (nextOutbound > Integer.MAX_VALUE) {
      throw new TributaryException(
          ErrorCode.CONNECTION_LOST, "all stream ids of this connection are used up");
    }
    int id = (int) nextOutbound;
    nextOutbound += 2;
    outboundById.put(id, stream);
    return id;
  }

  void remove(OutboundEnd stream) {
    outbound.remove(stream);
    outboundById.remove(stream.id());
    outboundCount = outbound.size();
  }

  /**
   * Checks the id of an OPEN.
   *
   * @throws TributaryException {@code MALFORMED} if it has the wrong parity or doesn't ascend: two
   *     streams of one id can't be told apart, so the connection can't go on
   */
  void claim(int id) {
    if ((id & 1) == parity || id <= lastInbound) {
      throw new TributaryException(
          ErrorCode.MALFORMED,
          "OPEN: expected an "
              + (parity == 1 ? "even" : "odd")
              + " stream id above "
              + lastInbound
              + ", found "
              + id);
    }
    lastInbound = id;
  }

  void add(InboundEnd stream) {
    inbound.put(stream.id(), stream);
    inboundCount = inbound.size();
  }

  void remove(InboundEnd stream) {
    inbound.remove(stream.id());
    inboundCount = inbound.size();
  }

  /** Any thread. */
  int inboundCount() {
    return inboundCount;
  }

  /** Any thread. */
  int outboundCount() {
    return outboundCount;
  }

  @Nullable OutboundEnd outbound(int id) {
    return outboundById.get(id);
  }

  @Nullable InboundEnd inbound(int id) {
    return inbound.get(id);
  }

  /** Whether a stream of this id was opened by either side, now or before. */
  boolean wasOpened(int id) {
    return (id & 1) == parity ? id < nextOutbound : id <= lastInbound;
  }

  /** Takes all streams out. */
  List<OutboundEnd> takeOutbound() {
    List<OutboundEnd> all = List.copyOf(outbound);
    outbound.clear();
    outboundById.clear();
    outboundCount = 0;
    return all;
  }

  /** Takes all streams out. */
  List<InboundEnd> takeInbound() {
    List<InboundEnd> all = List.copyOf(inbound.values());
    inbound.clear();
    inboundCount = 0;
    return all;
  }
}
