package io.tributary.bench.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A TCP proxy on loopback that keeps all bytes of one connection that its client sends. */
final class RecordingProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final int target;
  private final ByteArrayOutputStream recorded = new ByteArrayOutputStream();
  private final List<Socket> sockets = new ArrayList<>();

  RecordingProxy(int target) throws IOException {
    this.target = target;
    listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    start("accepting", this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** What the client has sent so far. */
  byte[] recorded() {
    synchronized (recorded) {
      return recorded.toByteArray();
    }
  }

  private void accept() throws IOException {
    Socket client = keep(listening.accept());
    Socket server = keep(new Socket(InetAddress.getLoopbackAddress(), target));
    start("down", () -> server.getInputStream().transferTo(client.getOutputStream()));
    InputStream up = client.getInputStream();
    OutputStream on = server.getOutputStream();
    var piece = new byte[64 * 1024];
    for (int n = up.read(piece); n >= 0; n = up.read(piece)) {
      synchronized (recorded) {
        recorded.write(piece, 0, n);
      }
      on.write(piece, 0, n);
    }
  }

  private Socket keep(Socket socket) {
    synchronized (sockets) {
      sockets.add(socket);
    }
    return socket;
  }

  /** Something that ends with its connection. */
  private interface Work {
    void run() throws IOException;
  }

  private static void start(String name, Work work) {
    var thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // The connection has ended.
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    synchronized (sockets) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
