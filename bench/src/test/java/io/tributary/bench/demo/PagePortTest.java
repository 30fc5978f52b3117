package io.tributary.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A taken port is an error only if it was asked for. */
class PagePortTest {
  private final StringWriter said = new StringWriter();
  private final PrintWriter out = new PrintWriter(said);
  private ServerSocket socket;

  @BeforeEach
  void takePort() throws IOException {
    socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void freePort() throws IOException {
    socket.close();
  }

  @Test
  void theUsualPortIsTakenIfItIsFree() throws IOException {
    socket.close();
    assertThat(PagePort.choose(null, socket.getLocalPort(), out)).isEqualTo(socket.getLocalPort());
    assertThat(said.toString()).isEmpty();
  }

  @Test
  void ifTheUsualPortIsTakenOneLineSaysSo() {
    assertThat(PagePort.choose(null, socket.getLocalPort(), out)).isZero();
    assertThat(said.toString().lines())
        .containsExactly(
            "port " + socket.getLocalPort() + " is taken: the live page gets a free one");
  }

  @Test
  void aTakenPortThatWasAskedForIsAnError() {
    int port = socket.getLocalPort();
    assertThatThrownBy(() -> PagePort.choose(port, port, out))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("--port")
        .hasMessageContaining("" + port);
  }

  @Test
  void anyPortMayBeAskedFor() {
    assertThat(PagePort.choose(0, socket.getLocalPort(), out)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void whatIsNoPortIsRefused(int port) {
    assertThatThrownBy(() -> PagePort.choose(port, 1, out))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("0 to 65535");
  }
}
