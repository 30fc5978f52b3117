package io.tributary.agent.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What counts as text, and where its own words begin. */
final class TextCheck {
  private TextCheck() {}

  /** Why these bytes are no text, with the offset; or the empty string if they are. */
  static String notTextBecause(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return "a zero byte at offset " + i;
      }
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(8192);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (result.isError()) {
        return "bytes that are not UTF-8 at offset " + in.position();
      }
      if (result.isUnderflow()) {
        return "";
      }
      out.clear();
    }
  }

  /**
   * The offset behind a leading block comment that speaks of a licence, and behind the white space
   * after it; 0 if there is none. The same header before hundreds of files would teach the model
   * little else.
   */
  static int endOfLicenceHeader(byte[] bytes) {
    int start = skipWhiteSpace(bytes, startsWithByteOrderMark(bytes) ? 3 : 0);
    if (start + 1 >= bytes.length || bytes[start] != '/' || bytes[start + 1] != '*') {
      return 0;
    }
    for (int i = start + 2; i + 1 < bytes.length; i++) {
      if (bytes[i] == '*' && bytes[i + 1] == '/') {
        String comment =
            new String(bytes, start, i - start, StandardCharsets.ISO_8859_1)
                .toLowerCase(Locale.ROOT);
        boolean licence = comment.contains("license") || comment.contains("licence");
        return licence ? skipWhiteSpace(bytes, i + 2) : 0;
      }
    }
    return 0;
  }

  private static boolean startsWithByteOrderMark(byte[] bytes) {
    return bytes.length >= 3
        && bytes[0] == (byte) 0xEF
        && bytes[1] == (byte) 0xBB
        && bytes[2] == (byte) 0xBF;
  }

  private static int skipWhiteSpace(byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length && (bytes[at] == ' ' || (bytes[at] >= '\t' && bytes[at] <= '\r'))) {
      at++;
    }
    return at;
  }
}
