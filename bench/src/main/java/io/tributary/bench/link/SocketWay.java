package io.tributary.bench.link;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.frame.FrameFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntFunction;

/**
 * Plain sockets: one thread writes pieces as long as the longest payload of a frame, another one
 * reads.
 */
final class SocketWay implements TransferWay {
  private static final int PIECE_BYTES = FrameFormat.MAX_PAYLOAD;

  /** What passes bytes on, and where it listens. */
  interface Proxy extends AutoCloseable {
    int port();

    @Override
    void close();
  }

  private final Proxy proxy;
  private final Socket out;
  private final Socket in;

  private SocketWay(Proxy proxy, Socket out, Socket in) {
    this.proxy = proxy;
    this.out = out;
    this.in = in;
  }

  /** From one socket to the other. */
  static SocketWay direct() {
    return open(DirectPort::new);
  }

  private record DirectPort(int port) implements Proxy {
    @Override
    public void close() {}
  }

  /** Through something that connects to the port that it is given. */
  static SocketWay open(IntFunction<Proxy> through) {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Proxy proxy = through.apply(server.getLocalPort());
      var out = new Socket(server.getInetAddress(), proxy.port());
      return new SocketWay(proxy, out, server.accept());
    } catch (IOException e) {
      throw broken(e);
    }
  }

  @Override
  public void move(int bytes) {
    try {
      CompletableFuture<Void> read =
          CompletableFuture.runAsync(
              () -> drain(bytes), work -> new Thread(work, "reads loopback").start());
      var piece = new byte[PIECE_BYTES];
      for (int sent = 0; sent < bytes; sent += piece.length) {
        out.getOutputStream().write(piece);
      }
      read.join();
    } catch (IOException | CompletionException e) {
      throw broken(e);
    }
  }

  private void drain(int bytes) {
    var piece = new byte[PIECE_BYTES];
    try {
      InputStream from = in.getInputStream();
      for (int read = 0; read < bytes; ) {
        int count = from.read(piece);
        if (count < 0) {
          throw new IOException("the connection ended after " + read + " bytes");
        }
        read += count;
      }
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  @Override
  public void close() {
    try (proxy;
        out;
        in) {
      // Nothing is left to be done with them.
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private static TributaryException broken(Exception cause) {
    return new TributaryException(
        ErrorCode.CONNECTION_LOST, "loopback: " + cause.getMessage(), cause);
  }
}
