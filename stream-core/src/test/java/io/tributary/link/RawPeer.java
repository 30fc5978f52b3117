package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.tributary.frame.FrameHeaderFlyweight;
import io.tributary.frame.FrameType;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A peer made of a plain socket, for everything that a well-behaved peer would never do. */
final class RawPeer implements AutoCloseable {
  private static final int THIN_BUFFER_BYTES = 4096;
  private static final int THIN_READ_BYTES = 512;
  private static final long THIN_PAUSE_NANOS = 40_000_000;

  private final Socket socket;
  private final DataInputStream in;

  RawPeer(Socket socket) throws IOException {
    this(socket, socket.getInputStream());
  }

  private RawPeer(Socket socket, InputStream in) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(20_000);
    this.in = new DataInputStream(in);
  }

  /** At the end of a thin link: it takes about 12 KB/s, and next to nothing waits for it. */
  static RawPeer connectThin(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(THIN_BUFFER_BYTES);
    socket.connect(address);
    return new RawPeer(
        socket,
        new FilterInputStream(socket.getInputStream()) {
          @Override
          public int read(byte[] bytes, int from, int length) throws IOException {
            LockSupport.parkNanos(THIN_PAUSE_NANOS);
            return super.read(bytes, from, Math.min(length, THIN_READ_BYTES));
          }
        });
  }

  static RawPeer connect(InetSocketAddress address) throws IOException {
    return new RawPeer(new Socket(address.getAddress(), address.getPort()));
  }

  /** Over TLS, with the keys in a folder. */
  static RawPeer connect(InetSocketAddress address, Path keys) throws IOException {
    var context =
        (JdkSslContext)
            SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3")
                .trustManager(keys.resolve("ca.crt").toFile())
                .keyManager(keys.resolve("node.crt").toFile(), keys.resolve("node.key").toFile())
                .build();
    return new RawPeer(
        context.context().getSocketFactory().createSocket(address.getAddress(), address.getPort()));
  }

  /** Writes a frame or whatever the bytes are, and releases them. */
  void write(ByteBuf bytes) throws IOException {
    byte[] array = new byte[bytes.readableBytes()];
    bytes.readBytes(array).release();
    socket.getOutputStream().write(array);
    socket.getOutputStream().flush();
  }

  /** Reads a whole frame into the heap; null at the end of the connection. */
  @Nullable ByteBuf read() throws IOException {
    byte[] header = new byte[FrameHeaderFlyweight.HEADER_LENGTH];
    try {
      in.readFully(header);
    } catch (EOFException e) {
      return null;
    }
    int length = (int) FrameHeaderFlyweight.length(Unpooled.wrappedBuffer(header));
    byte[] frame = java.util.Arrays.copyOf(header, length);
    in.readFully(frame, header.length, length - header.length);
    return Unpooled.wrappedBuffer(frame);
  }

  /** Reads frames up to the first of a type. */
  ByteBuf readUntil(FrameType type) throws IOException {
    for (ByteBuf frame = read(); frame != null; frame = read()) {
      if (FrameHeaderFlyweight.type(frame) == type) {
        return frame;
      }
    }
    throw new AssertionError("the connection ended before " + type);
  }

  /** Resets the connection, as the death of a machine's kernel would. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
