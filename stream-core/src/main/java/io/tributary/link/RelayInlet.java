package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.error.UnsupportedFormatException;
import io.tributary.frame.AckFrameFlyweight;
import io.tributary.frame.CreditFrameFlyweight;
import io.tributary.frame.DataFrameFlyweight;
import io.tributary.frame.ErrorFrameFlyweight;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The sender's side of a stream that is passed on between two agents: checks each DATA frame and
 * hands it to the {@link RelayOutlet} at once, without waiting for the rest of its chunk.
 *
 * <p>Credit is the far agent's. It is passed on as far as {@link LinkOptions#senderChunks} chunks
 * under way here allow, and the {@link RelayGauge}: an agent that grants much and reads little
 * makes the sender wait, and not this process grow.
 *
 * <p>Whatever would make the far agent end its connection is found here, so that an agent can harm
 * its own link alone. All state lives on the event loop of the sender's link.
 */
final class RelayInlet implements InboundEnd {
  private final ChannelLink link;
  private final int id;
  private final StreamHeader header;
  private final FarPeer far;
  private final RelayGauge gauge;
  private final RelayOutlet outlet;
  private final ChunkOrder order = new ChunkOrder(0);

  /** Chunks that the far agent takes, that were granted to the sender, begun, and passed on. */
  private long farGranted;

  private long granted;
  private long begun;
  private long passed;

  private boolean waitsForRoom;
  private boolean closed;
  private boolean ended;

  RelayInlet(ChannelLink link, int id, StreamHeader header, ChannelLink to, RelayGauge gauge) {
    this.link = link;
    this.id = id;
    this.header = header;
    this.gauge = gauge;
    this.far = new FarPeer(to.peer().name(), to.peer().decodes());
    this.outlet =
        new RelayOutlet(
            to, header, new FarPeer(link.peer().name(), link.peer().decodes()), this, gauge);
  }

  /** Opens the far side; the sender's link knows this end by then. */
  void open() {
    if (!outlet.open()) {
      refused(ErrorCode.PEER_ABSENT, far.name() + " has left");
    }
  }

  @Override
  public int id() {
    return id;
  }

  // ---- what the sender says

  @Override
  public void onData(ByteBuf frame) {
    TributaryException objection = objectionTo(frame);
    if (objection != null) {
      fail(objection);
      return;
    }
    if (DataFrameFlyweight.begins(frame)) {
      begun++;
    }
    order.take(frame);
    if (!gauge.take(frame.readableBytes())) {
      fail(
          new TributaryException(
              ErrorCode.LIMIT_EXCEEDED,
              "stream to "
                  + far.name()
                  + ": expected at most "
                  + gauge.limit()
                  + " bytes of all streams to wait here, found more"));
      return;
    }
    outlet.pass(frame.retain());
  }

  private @Nullable TributaryException objectionTo(ByteBuf frame) {
    if (closed) {
      return new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION, "DATA of stream " + id + " after its CLOSE");
    }
    if (!DataFrameFlyweight.begins(frame) || order.underWay()) {
      return null;
    }
    int codec = DataFrameFlyweight.codec(frame);
    int version = DataFrameFlyweight.codecVersion(frame);
    if (!far.decodes(codec, version)) {
      return UnsupportedFormatException.codec(
          String.format(Locale.ROOT, "0x%04x version %d", codec, version), far.decodes());
    }
    if (order.chunk() >= header.chunks()) {
      return new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "stream "
              + id
              + ": expected "
              + header.chunks()
              + " chunks, found chunk "
              + DataFrameFlyweight.chunk(frame));
    }
    if (begun >= granted) {
      return new TributaryException(
          ErrorCode.CREDIT_EXCEEDED,
          "stream " + id + ": expected at most " + granted + " chunks, found one more");
    }
    return null;
  }

  @Override
  public void onClose(int chunks) {
    if (closed || order.underWay() || chunks != header.chunks() || chunks != order.chunk()) {
      fail(
          new TributaryException(
              ErrorCode.PROTOCOL_VIOLATION,
              "CLOSE of stream "
                  + id
                  + ": expected it once and after "
                  + header.chunks()
                  + " chunks, found it after "
                  + order.chunk()
                  + ", saying "
                  + chunks));
      return;
    }
    closed = true;
    outlet.close();
  }

  @Override
  public void onFailure(Throwable cause) {
    if (!ended) {
      end();
      ErrorCode code = Errors.codeOf(cause);
      // The far agent's own connection is well: what it has lost is the sender.
      outlet.abandon(code == ErrorCode.CONNECTION_LOST ? ErrorCode.PEER_ABSENT : code);
    }
  }

  /** This side refuses the rest of the stream. */
  private void fail(TributaryException complaint) {
    if (!ended) {
      end();
      tell(complaint.code(), String.valueOf(complaint.getMessage()));
      outlet.abandon(complaint.code());
    }
  }

  // ---- what the outlet says, from another event loop

  /** The far agent takes more chunks. */
  void grant(int chunks) {
    link.execute(
        () -> {
          farGranted += chunks;
          passCredit();
        });
  }

  /** A whole chunk has left for the far agent. */
  void chunkPassed() {
    link.execute(
        () -> {
          passed++;
          passCredit();
        });
  }

  /** The far agent holds chunks, or the whole stream. */
  void acknowledged(int chunks, boolean whole) {
    link.execute(
        () -> {
          if (!ended) {
            link.scheduler().control(AckFrameFlyweight.encode(link.allocator(), id, chunks, whole));
            if (whole) {
              end();
            }
          }
        });
  }

  /** The far agent has ended the stream, or is no more. */
  void refused(ErrorCode code, String text) {
    link.execute(
        () -> {
          if (!ended) {
            end();
            tell(code, text);
          }
        });
  }

  private void passCredit() {
    long most = Math.min(header.chunks(), passed + link.options().senderChunks());
    int more = (int) (Math.min(farGranted, most) - granted);
    if (ended || closed || more <= 0 || waitsForRoom) {
      return;
    }
    if (gauge.hasRoom()) {
      granted += more;
      link.scheduler().control(CreditFrameFlyweight.encode(link.allocator(), id, more));
    } else {
      waitsForRoom = true;
      gauge.whenRoom(
          () ->
              link.execute(
                  () -> {
                    waitsForRoom = false;
                    passCredit();
                  }));
    }
  }

  private void tell(ErrorCode code, String text) {
    link.scheduler().control(ErrorFrameFlyweight.encode(link.allocator(), id, code.number(), text));
  }

  private void end() {
    ended = true;
    link.forget(this);
  }
}
