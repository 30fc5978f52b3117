package io.tributary.bench.link;

/** A way for bytes from one end to another over loopback, open and ready. */
interface TransferWay extends AutoCloseable {
  /** Moves so many bytes; returns when the far end has all of them. */
  void move(int bytes);

  @Override
  void close();
}
