package io.tributary.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Passes connections on to a server as they are, and resets one of them when it is told to. */
final class ResettingProxy implements AutoCloseable {
  private final int target;
  private final ServerSocket listening;
  private final List<Socket> near = new CopyOnWriteArrayList<>();
  private final List<Socket> far = new CopyOnWriteArrayList<>();

  ResettingProxy(int target) throws IOException {
    this.target = target;
    listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    new Thread(this::accept, "accepts").start();
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Resets the connection that came in this place, on both sides. */
  void reset(int place) {
    try {
      List<Socket> both = List.of(near.get(place), far.get(place));
      // Both before either is closed: the threads that pass bytes then close the other.
      for (Socket socket : both) {
        socket.setSoLinger(true, 0);
      }
      for (Socket socket : both) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket in = listening.accept();
        Socket out = new Socket(InetAddress.getLoopbackAddress(), target);
        near.add(in);
        far.add(out);
        new Thread(() -> pass(in, out), "passes up").start();
        new Thread(() -> pass(out, in), "passes down").start();
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One end has gone; the other goes too.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : near) {
      socket.close();
    }
  }
}
