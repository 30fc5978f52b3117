package io.tributary.bench.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.command.TributaryMain;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rehearsal runs to its end and leaves nothing. */
class RehearseCommandTest {
  @TempDir private Path folder;

  @Test
  void aCoordinatorAndItsAgentsFinish() {
    Path scratch = folder.resolve("rehearsal");
    int exit = TributaryMain.run("rehearse", "--folder", scratch.toString());
    assertThat(exit).isZero();
    assertThat(scratch).doesNotExist();
  }
}
