package io.tributary.link;

import io.tributary.config.Setting;
import io.tributary.frame.FrameFormat;
import io.tributary.frame.HelloFrameFlyweight;
import java.time.Duration;
import java.util.List;

/** The settings of links. */
public final class LinkSettings {
  /** The most payload bytes of one frame. */
  public static final Setting<Integer> FRAME_PAYLOAD =
      Setting.ofInt(
          "link.frame-payload",
          16 << 10,
          1024,
          FrameFormat.MAX_PAYLOAD,
          "The most payload bytes of one frame, which a PING may have to wait for; a link with a cap"
              + " uses about 20 ms of it if that is less, and a fast network wants the most.");

  /** Chunks taken on each stream before the first CREDIT. */
  public static final Setting<Integer> INITIAL_CREDIT =
      Setting.ofInt(
          "link.initial-credit",
          2,
          0,
          HelloFrameFlyweight.MAX_INITIAL_CREDIT,
          "How many chunks a peer may send on each stream before it is granted more.");

  /** Chunks that a sender holds ready. */
  public static final Setting<Integer> SENDER_CHUNKS =
      Setting.ofInt(
          "link.sender-chunks",
          2,
          1,
          1024,
          "How many encoded chunks of each stream a sender holds ready, at most.");

  /** Open streams of a peer. */
  public static final Setting<Integer> MAX_STREAMS =
      Setting.ofInt(
          "link.max-streams", 64, 1, 65_536, "How many open streams a peer may have on one link.");

  /** Connections of a server. */
  public static final Setting<Integer> MAX_LINKS =
      Setting.ofInt(
          "link.max-links",
          4096,
          1,
          1 << 20,
          "How many connections a server has at once; more are closed unheard.");

  /** Connections of a server whose peers haven't said HELLO. */
  public static final Setting<Integer> MAX_HANDSHAKES =
      Setting.ofInt(
          "link.max-handshakes",
          256,
          1,
          1 << 20,
          "How many connections of a server may be before their HELLO; more are closed unheard.");

  /** Connections of a link. */
  public static final Setting<Integer> STRIPES =
      Setting.ofInt(
          "link.stripes",
          1,
          1,
          FrameFormat.MAX_CONNECTIONS,
          "How many connections a link may have at most; a client opens more than one where that"
              + " makes a busy link without a cap a tenth faster, and 1 turns it off.");

  /** Connections that a client opens at once. */
  public static final Setting<Integer> STRIPES_AT_ONCE =
      Setting.ofInt(
          "link.stripes-at-once",
          1,
          1,
          FrameFormat.MAX_CONNECTIONS,
          "How many connections a client opens for each link without asking what they gain, at most"
              + " link.stripes.");

  /** Elements of a chunk. */
  public static final Setting<Integer> MAX_CHUNK_ELEMENTS =
      Setting.ofInt(
          "link.max-chunk-elements",
          1 << 20,
          1,
          1 << 26,
          "The most elements of a chunk that is accepted from a peer.");

  /** Bytes of an encoded chunk. */
  public static final Setting<Integer> MAX_ENCODED_LENGTH =
      Setting.ofInt(
          "link.max-encoded-length",
          8 << 20,
          1,
          1 << 28,
          "The most bytes of an encoded chunk, sent or accepted.");

  /** Bytes of a message. */
  public static final Setting<Integer> MAX_MESSAGE_LENGTH =
      Setting.ofInt(
          "link.max-message-length",
          4 << 20,
          1,
          1 << 26,
          "The most bytes of a message, sent or accepted.");

  /** Bytes that a link holds of what its peer sends. */
  public static final Setting<Integer> INBOUND_BYTES =
      Setting.ofInt(
          "link.inbound-bytes",
          64 << 20,
          64 << 10,
          Integer.MAX_VALUE,
          "How many bytes of chunks and messages of one peer may wait here, at most half of"
              + " link.inbound-bytes-of-all; one more ends the stream.");

  /** Bytes that all links hold of what peers send. */
  public static final Setting<Integer> INBOUND_BYTES_OF_ALL =
      Setting.ofInt(
          "link.inbound-bytes-of-all",
          0,
          0,
          Integer.MAX_VALUE,
          "How many bytes of chunks and messages of all peers may wait in this process; 0 takes half"
              + " of the direct memory that the JVM allows. One more ends the connection, which may"
              + " come back.");

  /** Bytes of messages that wait. */
  public static final Setting<Integer> MESSAGE_QUEUE_BYTES =
      Setting.ofInt(
          "link.message-queue-bytes",
          16 << 20,
          1,
          1 << 30,
          "How many bytes of messages may wait on one link; one more is an error.");

  /** Unsent bytes below the scheduler. */
  public static final Setting<Integer> UNSENT_BYTES =
      Setting.ofInt(
          "link.unsent-bytes",
          16 << 10,
          4 << 10,
          1 << 30,
          "How many bytes may wait below the scheduler, in this process and again (on Linux) in the"
              + " kernel; nothing overtakes them.");

  /** Time without a byte after which a PING is sent. */
  public static final Setting<Duration> PING_INTERVAL =
      Setting.ofMillis(
          "link.ping-interval",
          5_000,
          10,
          3_600_000,
          "After how long without a byte from the peer a PING is sent; after four times this and the"
              + " time of an answer, which is measured, the peer counts as gone.");

  /** Time until a HELLO must have come. */
  public static final Setting<Duration> HELLO_PATIENCE =
      Setting.ofMillis(
          "link.hello-patience",
          10_000,
          20,
          3_600_000,
          "How long a connection may take to be made, and then a HELLO to arrive.");

  /** First pause before a new attempt to connect. */
  public static final Setting<Duration> FIRST_BACK_OFF =
      Setting.ofMillis(
          "link.first-back-off",
          100,
          1,
          3_600_000,
          "The first pause before a client connects again; it doubles with each failure.");

  /** Longest pause before a new attempt to connect. */
  public static final Setting<Duration> LAST_BACK_OFF =
      Setting.ofMillis(
          "link.last-back-off",
          5_000,
          1,
          3_600_000,
          "The longest pause before a client connects again.");

  private LinkSettings() {}

  /** All of them, for the generated page. */
  public static List<Setting<?>> all() {
    return List.of(
        FRAME_PAYLOAD,
        INITIAL_CREDIT,
        SENDER_CHUNKS,
        MAX_STREAMS,
        MAX_LINKS,
        MAX_HANDSHAKES,
        STRIPES,
        STRIPES_AT_ONCE,
        MAX_CHUNK_ELEMENTS,
        MAX_ENCODED_LENGTH,
        MAX_MESSAGE_LENGTH,
        INBOUND_BYTES,
        INBOUND_BYTES_OF_ALL,
        MESSAGE_QUEUE_BYTES,
        UNSENT_BYTES,
        PING_INTERVAL,
        HELLO_PATIENCE,
        FIRST_BACK_OFF,
        LAST_BACK_OFF);
  }
}
