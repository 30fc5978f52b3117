package io.tributary.coordinator.page;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** One of the page's files, which lie beside this class. Immutable. */
final class PageFile {
  private final String type;
  private final byte[] bytes;

  private PageFile(String type, byte[] bytes) {
    this.type = type;
    this.bytes = bytes;
  }

  /** The files by the path under which they are served. */
  static Map<String, PageFile> all() {
    return Map.of(
        "/", load("page.html", "text/html; charset=utf-8"),
        "/page.css", load("page.css", "text/css; charset=utf-8"),
        "/texts.js", load("texts.js", "text/javascript; charset=utf-8"),
        "/page.js", load("page.js", "text/javascript; charset=utf-8"));
  }

  /** Its media type. */
  String type() {
    return type;
  }

  /** Its content, in a buffer of its own. */
  ByteBuf content() {
    return Unpooled.wrappedBuffer(bytes).asReadOnly();
  }

  private static PageFile load(String name, String type) {
    try (InputStream in = PageFile.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException("resource " + name + " is missing from the build");
      }
      return new PageFile(type, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
