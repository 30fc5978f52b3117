package io.tributary.link;

import io.netty.buffer.ByteBuf;

/** What becomes of a stream that the peer sends: taken here, or passed on. On the event loop. */
interface InboundEnd {
  int id();

  /** Takes a DATA frame, which stays the caller's. */
  void onData(ByteBuf frame);

  /** The peer has sent all chunks. */
  void onClose(int chunks);

  /** The peer or the connection ended the stream. */
  void onFailure(Throwable cause);
}
