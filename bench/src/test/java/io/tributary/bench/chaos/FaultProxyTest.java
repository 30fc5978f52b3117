package io.tributary.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client, the proxy, and a server that sends back what it gets. */
@Timeout(30)
class FaultProxyTest {
  private static final int SHORT_MILLIS = 200;
  private static final int LONG_MILLIS = 10_000;

  private ServerSocket server;
  private FaultProxy proxy;
  private Socket client;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    var echo = new Thread(this::echo, "echo");
    echo.setDaemon(true);
    echo.start();
    proxy = new FaultProxy(server.getLocalPort(), 1);
    client = open();
    assertThat(exchange(client, new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    proxy.close();
    server.close();
  }

  private void echo() {
    try {
      while (true) {
        Socket peer = server.accept();
        var one = new Thread(() -> echo(peer), "echo of one");
        one.setDaemon(true);
        one.start();
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private static void echo(Socket peer) {
    try (peer) {
      peer.getInputStream().transferTo(peer.getOutputStream());
    } catch (IOException e) {
      // A reset, as the test wants it.
    }
  }

  private Socket open() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(LONG_MILLIS);
    return socket;
  }

  private static byte[] exchange(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return socket.getInputStream().readNBytes(bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void delayedAndSlowBytesComeAllTheSame() {
    proxy.delay(Duration.ofMillis(40));
    long began = System.nanoTime();
    assertThat(exchange(client, new byte[] {4})).containsExactly(4);
    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(2 * 40_000_000L);
    proxy.delay(Duration.ZERO);
    proxy.slow(20_000);
    began = System.nanoTime();
    assertThat(exchange(client, new byte[2000])).hasSize(2000);
    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(100_000_000L);
  }

  @Test
  void whatWaitsPassesWhenAFaultEnds() throws IOException {
    // It would take 40 s to the server and as long back.
    proxy.slow(1000);
    client.getOutputStream().write(new byte[40_000]);
    client.setSoTimeout(SHORT_MILLIS);
    assertThatThrownBy(() -> client.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    proxy.slow(0);
    client.setSoTimeout(LONG_MILLIS);
    assertThat(client.getInputStream().readNBytes(40_000)).hasSize(40_000);
  }

  @Test
  void oneBitChanges() {
    proxy.corrupt();
    int changed = 0;
    // The event loop may hear of the bytes before it hears of the fault: then it waits for the
    // next.
    for (int i = 0; i < 100 && changed == 0; i++) {
      for (byte b : exchange(client, new byte[1000])) {
        changed += Integer.bitCount(b & 0xFF);
      }
    }
    assertThat(changed).isEqualTo(1);
    assertThat(exchange(client, new byte[] {5})).containsExactly(5);
  }

  @Test
  void aLossEndsTheConnection() throws IOException {
    proxy.lose();
    InputStream in = client.getInputStream();
    assertThatThrownBy(
            () -> {
              if (in.read() < 0) {
                throw new SocketException("end");
              }
            })
        .isInstanceOf(SocketException.class);
    client = open();
    assertThat(exchange(client, new byte[] {6})).containsExactly(6);
  }

  @Test
  void inAPartitionNothingPassesAndThenAllOfIt() throws IOException {
    proxy.part(true);
    client.getOutputStream().write(7);
    client.setSoTimeout(SHORT_MILLIS);
    assertThatThrownBy(() -> client.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    Socket late = open();
    late.getOutputStream().write(8);
    proxy.part(false);
    client.setSoTimeout(LONG_MILLIS);
    assertThat(client.getInputStream().read()).isEqualTo(7);
    assertThat(late.getInputStream().read()).as("of who came meanwhile").isEqualTo(8);
    late.close();
  }

  @Test
  void ofAHalfOpenConnectionTheClientHearsNothing() throws IOException {
    proxy.halfOpen();
    client.getOutputStream().write(9);
    client.setSoTimeout(SHORT_MILLIS);
    assertThatThrownBy(() -> client.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    client.close();
    client = open();
    assertThat(exchange(client, new byte[] {10})).containsExactly(10);
  }
}
