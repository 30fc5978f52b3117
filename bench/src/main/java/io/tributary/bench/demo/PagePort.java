package io.tributary.bench.demo;

import io.tributary.error.Errors;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/** Where the demo's live page is served. */
final class PagePort {
  static final int USUAL = 8080;

  private PagePort() {}

  /**
   * The port that was asked for, which must be free; else the usual one, or, with a line that says
   * so, any free one.
   *
   * @return the port, 0 for any
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if what was asked for is
   *     taken or no port
   */
  static int choose(@Nullable Integer asked, PrintWriter out) {
    return choose(asked, USUAL, out);
  }

  static int choose(@Nullable Integer asked, int usual, PrintWriter out) {
    if (asked == null) {
      if (isFree(usual)) {
        return usual;
      }
      out.println("port " + usual + " is taken: the live page gets a free one");
      return 0;
    }
    if (asked < 0 || asked > 65_535) {
      throw Errors.invalidSetting("--port", asked, "0 to 65535");
    }
    if (!isFree(asked)) {
      throw Errors.invalidSetting(
          "--port", asked + ", which another process listens on", "a free port, or 0 for any");
    }
    return asked;
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      // What this socket leaves behind must not keep the coordinator from the port.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
