package io.tributary.link;

import io.tributary.error.TributaryException;

/** Where a stream to the peer comes from: made here, or passed on. On the event loop. */
interface OutboundEnd extends FrameScheduler.FrameSource {
  /** The id on the wire, 0 before OPEN is written. */
  int id();

  /** The peer takes more chunks. */
  void onCredit(int chunks);

  /** The peer holds chunks, or the whole stream. */
  void onAck(int chunks, boolean whole);

  /** The peer says from where a repeated stream is to go on. */
  void onResume(int chunk);

  /** The peer or the connection ended the stream. */
  void onFailure(TributaryException failure);
}
