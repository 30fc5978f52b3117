package io.tributary.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir private Path temporary;

  @Test
  void itHasOneUserAtATime() {
    Path path = temporary.resolve("a/b");
    DataFolder first = DataFolder.open(path);
    assertThat(first.path()).isEqualTo(path);
    assertThatThrownBy(() -> DataFolder.open(path))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
        .hasMessageContaining(path.toString())
        .hasMessageContaining("locked by another process");
    first.close();
    first.close();
    DataFolder.open(path).close();
  }

  @Test
  void aFileInItsPlaceIsAStorageError() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));
    assertThatThrownBy(() -> DataFolder.open(file))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
        .hasMessageContaining(file.toString());
  }
}
