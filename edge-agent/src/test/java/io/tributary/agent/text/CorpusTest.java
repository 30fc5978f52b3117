package io.tributary.agent.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
  /** The sources of Apache Commons Lang, copied by the build. */
  private static final Path SOURCES = Path.of("target", "text", "commons-lang3-sources.jar");

  @TempDir private Path folder;

  @Test
  void everyTenthFileIsHeldOutAndTheOthersGoRound() throws IOException {
    // 20 files of 2 agents; file i holds its letter 10 + i times.
    for (int i = 0; i < 20; i++) {
      write(String.format(java.util.Locale.ROOT, "%02d.txt", i), letters(i));
    }
    Corpus corpus = Corpus.read(folder, 2);
    assertThat(texts(corpus.heldOut(18, 100))).contains(letters(9));
    assertThat(corpus.heldOutBytes()).isEqualTo(letters(9).length() + letters(19).length());
    String first = "";
    String second = "";
    int dealt = 0;
    for (int i = 0; i < 19; i++) {
      if (i != 9) {
        first += dealt % 2 == 0 ? letters(i) : "";
        second += dealt % 2 == 1 ? letters(i) : "";
        dealt++;
      }
    }
    assertThat(share(corpus, 0)).isEqualTo(first);
    assertThat(share(corpus, 1)).isEqualTo(second);
    assertThat(corpus.agents()).isEqualTo(2);
  }

  @Test
  void aSingleFileIsCutIntoPiecesFirst() throws IOException {
    String text = "0123456789".repeat(400);
    write("one.txt", text);
    Corpus corpus = Corpus.read(folder.resolve("one.txt"), 4);
    // 80 pieces of 50 bytes: 8 held out, 18 an agent.
    assertThat(corpus.heldOutBytes()).isEqualTo(8 * 50);
    for (int agent = 0; agent < 4; agent++) {
      assertThat(corpus.shareBytes(agent)).isEqualTo(18 * 50);
    }
  }

  @Test
  void foldersAndArchivesOfTheSameFilesAreTheSameCorpus() throws IOException {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      names.add((i % 3 == 0 ? "deep/er/" : "deep/") + (char) ('z' - i % 26) + i + ".java");
    }
    Path archive = folder.resolve("sources.zip");
    Path files = folder.resolve("files");
    try (OutputStream out = Files.newOutputStream(archive);
        var zip = new ZipOutputStream(out)) {
      for (String name : names) {
        byte[] bytes = (name + " of the text").getBytes(StandardCharsets.UTF_8);
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        Files.createDirectories(files.resolve(name).getParent());
        Files.write(files.resolve(name), bytes);
      }
    }
    Corpus fromFolder = Corpus.read(files, 3);
    Corpus fromArchive = Corpus.read(archive, 3);
    for (int agent = 0; agent < 3; agent++) {
      assertThat(share(fromArchive, agent)).isEqualTo(share(fromFolder, agent));
    }
  }

  @Test
  void licenceHeadersAreLeftOutAndOtherCommentsAreKept() throws IOException {
    write("a.java", "/*\n * Licensed to everybody under the Some License\n */\n\nclass A {}\n");
    write("b.java", "/* what it does */\nclass B {}\n");
    write("c.java", "class C {} /* no header: a license in the middle */\n");
    write("d.java", "/* a licence without an end");
    List<String> texts =
        TextSource.read(folder).stream()
            .map(text -> new String(text.bytes(), StandardCharsets.UTF_8))
            .toList();
    assertThat(texts)
        .containsExactly(
            "class A {}\n",
            "/* what it does */\nclass B {}\n",
            "class C {} /* no header: a license in the middle */\n",
            "/* a licence without an end");
  }

  @Test
  void whatIsNoTextIsPassedOverInFolders() throws IOException {
    write("text.txt", "words");
    write("empty.txt", "");
    write(".hidden", "words");
    write(".git/config", "words");
    write("META-INF/NOTICE", "words");
    Files.write(folder.resolve("picture.png"), new byte[] {1, 2, 0, 3});
    Files.write(folder.resolve("latin.txt"), new byte[] {'a', (byte) 0xE9, 'b'});
    assertThat(TextSource.read(folder)).extracting(SourceText::name).containsExactly("text.txt");
  }

  @Test
  void whatHoldsNoTextIsRefusedWithTheReason() throws IOException {
    assertRefused(
        ErrorCode.INVALID_SETTING,
        () -> Corpus.read(folder.resolve("absent"), 2),
        "absent: expected a text file, a folder, or a jar or zip of sources, found nothing");
    assertRefused(
        ErrorCode.INVALID_SETTING,
        () -> Corpus.read(folder, 2),
        "expected at least one non-empty UTF-8 file, found no file with text in it");
    write("empty.txt", "");
    assertRefused(
        ErrorCode.INVALID_SETTING,
        () -> Corpus.read(folder.resolve("empty.txt"), 2),
        "expected a file with text in it, found an empty file");
    Files.write(folder.resolve("binary"), new byte[] {'a', 0});
    assertRefused(
        ErrorCode.INVALID_SETTING,
        () -> Corpus.read(folder.resolve("binary"), 2),
        "found a zero byte at offset 1");
    Files.write(folder.resolve("latin"), new byte[] {'a', 'b', (byte) 0xE9, 'c'});
    assertRefused(
        ErrorCode.INVALID_SETTING,
        () -> Corpus.read(folder.resolve("latin"), 2),
        "found bytes that are not UTF-8 at offset 2");
    write("not.zip", "no archive at all");
    assertRefused(
        ErrorCode.STORAGE,
        () -> Corpus.read(folder.resolve("not.zip"), 2),
        "expected a jar or zip archive, found none");
    write("short.txt", "too short for eighty pieces");
    assertRefused(
        ErrorCode.INVALID_SETTING,
        () -> Corpus.read(folder.resolve("short.txt"), 4),
        "expected at least 80 bytes to cut and deal, found 27 bytes");
    assertRefused(
        ErrorCode.INVALID_SETTING,
        () -> Corpus.read(folder.resolve("short.txt"), 0),
        "agents: expected a number from 1 to 4096, found 0");
  }

  @Test
  void aPartShorterThanAWindowIsRefusedWithWhatToDo() throws IOException {
    write("one.txt", "0123456789".repeat(40));
    Corpus corpus = Corpus.read(folder.resolve("one.txt"), 2);
    assertRefused(
        ErrorCode.INVALID_SETTING,
        () -> corpus.sampler(1, 1, 512, 8),
        "a share of agent 1 of 180 bytes");
    assertRefused(
        ErrorCode.INVALID_SETTING,
        () -> corpus.heldOut(128, 8),
        "at least 129 in each part, one window; give a longer text, fewer agents or a shorter"
            + " context, found a held-out part of 40 bytes");
  }

  @Test
  void tooMuchTextIsRefusedEvenIfAnArchiveHidesItsSize() throws IOException {
    write("a.txt", "0123456789");
    write("b.txt", "0123456789");
    assertThat(TextSource.read(folder, 20)).hasSize(2);
    assertRefused(
        ErrorCode.LIMIT_EXCEEDED,
        () -> TextSource.read(folder, 19),
        "expected at most 19 bytes in all, found more");
    Path archive = folder.resolve("bomb.zip");
    try (OutputStream out = Files.newOutputStream(archive);
        var zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("a.txt"));
      zip.write("a".repeat(100_000).getBytes(StandardCharsets.UTF_8));
    }
    claimSizeOfFirstEntry(archive, 10);
    assertRefused(
        ErrorCode.LIMIT_EXCEEDED,
        () -> TextSource.read(archive, 1000),
        "expected at most 1000 bytes in all, found more");
  }

  @Test
  void theDefaultTextIsDealtWithoutItsLicenceHeaders() {
    Corpus corpus = Corpus.read(SOURCES, 4);
    int total = corpus.heldOutBytes();
    for (int agent = 0; agent < 4; agent++) {
      assertThat(corpus.shareBytes(agent)).isGreaterThan(400_000);
      assertThat(share(corpus, agent)).doesNotContain("Licensed to the Apache Software Foundation");
      total += corpus.shareBytes(agent);
    }
    assertThat(total).isBetween(3_000_000, 4_500_000);
    assertThat(corpus.heldOutBytes()).isGreaterThan(total / 20);
  }

  /** Overwrites the uncompressed size in the archive's directory, which a reader can't trust. */
  private static void claimSizeOfFirstEntry(Path archive, int size) throws IOException {
    byte[] bytes = Files.readAllBytes(archive);
    var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int header = 0;
    while (buffer.getInt(header) != 0x02014b50) {
      header++;
    }
    buffer.putInt(header + 24, size);
    Files.write(archive, bytes);
  }

  private static String share(Corpus corpus, int agent) {
    return new String(corpus.share(agent), StandardCharsets.UTF_8);
  }

  private static String texts(HeldOutWindows windows) {
    var all = new StringBuilder();
    long[] window = new long[windows.context() + 1];
    for (int w = 0; w < windows.count(); w++) {
      windows.fill(w, 1, window);
      for (long b : window) {
        all.append((char) b);
      }
    }
    return all.toString();
  }

  private static String letters(int i) {
    return String.valueOf((char) ('a' + i)).repeat(10 + i);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void assertRefused(ErrorCode code, ThrowingCallable action, String message) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(TributaryException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }
}
