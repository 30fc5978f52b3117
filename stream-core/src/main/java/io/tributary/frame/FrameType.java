package io.tributary.frame;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The frames of the protocol: number on the wire, permitted flags, shortest and longest length.
 *
 * <p>Numbers are promises: a retired one keeps its place with the reason, and new ones go in above
 * the mark. 0 is invalid for ever, so that zeroed bytes are never a frame.
 */
public enum FrameType {
  /** Who speaks, which protocol versions, which codecs it decodes. The first frame, once. */
  HELLO(1, 0, HelloFrameFlyweight.FIXED_LENGTH, HelloFrameFlyweight.MAX_LENGTH),
  /** A stream begins. */
  OPEN(
      2,
      FrameFormat.FLAG_REPEATED | FrameFormat.FLAG_FAR,
      OpenFrameFlyweight.LENGTH,
      OpenFrameFlyweight.MAX_LENGTH),
  /** A piece of an encoded chunk. */
  DATA(
      3,
      FrameFormat.FLAG_BEGIN | FrameFormat.FLAG_END,
      DataFrameFlyweight.HEADER_LENGTH,
      DataFrameFlyweight.HEADER_LENGTH + FrameFormat.MAX_PAYLOAD),
  /** The sender has sent every chunk. */
  CLOSE(4, 0, CloseFrameFlyweight.LENGTH, CloseFrameFlyweight.LENGTH),
  /** Either side gives a stream up. */
  CANCEL(5, 0, CancelFrameFlyweight.LENGTH, CancelFrameFlyweight.LENGTH),
  /** The receiver takes more chunks. */
  CREDIT(6, 0, CreditFrameFlyweight.LENGTH, CreditFrameFlyweight.LENGTH),
  /** The receiver holds chunks, or with E the whole stream, durably. */
  ACK(7, FrameFormat.FLAG_END, AckFrameFlyweight.LENGTH, AckFrameFlyweight.LENGTH),
  /** The receiver's answer to a repeated OPEN: where to go on. */
  RESUME(8, 0, ResumeFrameFlyweight.LENGTH, ResumeFrameFlyweight.LENGTH),
  /** A stream, or with stream 0 the connection, ends because of an error. */
  ERROR(9, 0, ErrorFrameFlyweight.FIXED_LENGTH, ErrorFrameFlyweight.MAX_LENGTH),
  /** Asks for a PONG with the same nonce. */
  PING(10, 0, PingFrameFlyweight.LENGTH, PingFrameFlyweight.LENGTH),
  /** Answers a PING. */
  PONG(11, 0, PingFrameFlyweight.LENGTH, PingFrameFlyweight.LENGTH),
  /** A piece of an application's message. */
  MESSAGE(
      12,
      0,
      MessageFrameFlyweight.HEADER_LENGTH,
      MessageFrameFlyweight.HEADER_LENGTH + FrameFormat.MAX_PAYLOAD),
  /** Asks for, grants, refuses or begins another connection of the same link. */
  STRIPE(13, 0, StripeFrameFlyweight.LENGTH, StripeFrameFlyweight.LENGTH),
  /** What follows comes over another connection of the link. */
  TURN(14, FrameFormat.FLAG_END, TurnFrameFlyweight.LENGTH, TurnFrameFlyweight.LENGTH);
  // Insert new types above this line.

  private static final Map<Integer, FrameType> BY_NUMBER =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(FrameType::number, Function.identity()));

  private final int number;
  private final int flags;
  private final int minLength;
  private final int maxLength;

  FrameType(int number, int flags, int minLength, int maxLength) {
    this.number = number;
    this.flags = flags;
    this.minLength = minLength;
    this.maxLength = maxLength;
  }

  /** The number on the wire, 16 bits. */
  public int number() {
    return number;
  }

  /** The flags that may be set; all others are reserved. */
  public int flags() {
    return flags;
  }

  /** The least number of bytes of the whole frame. */
  public int minLength() {
    return minLength;
  }

  /** The most bytes of the whole frame. */
  public int maxLength() {
    return maxLength;
  }

  /** The type of a wire number, or empty if this build doesn't know it. */
  public static Optional<FrameType> fromWire(int number) {
    return Optional.ofNullable(BY_NUMBER.get(number));
  }
}
