package io.tributary.file.tensorbundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile archives end in the declared error, or in entries no longer than asked for. */
class SavedModelArchiveFuzzTest {
  private static final long SEED = Long.getLong("test.seed", 7);

  @TempDir private Path folder;

  @Test
  void damagedArchives() throws IOException {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    byte[] inner = BundleBytes.archive(Map.of("assets/vocab.txt", new byte[50]));
    byte[] whole = BundleBytes.archive(Map.of("model", inner));
    Path file = folder.resolve("model.jar");
    for (int i = 0; i < 3_000; i++) {
      byte[] archive = (i % 2 == 0 ? whole : inner).clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        archive[random.nextInt(archive.length)] = (byte) random.nextInt();
      }
      Files.write(file, archive);
      try {
        SavedModelArchive.read(file, "assets/vocab.txt", 60)
            .ifPresent(found -> assertThat(found.length).isLessThanOrEqualTo(60));
      } catch (TributaryException expected) {
        assertThat(expected.code()).isEqualTo(ErrorCode.STORAGE);
      }
    }
  }
}
