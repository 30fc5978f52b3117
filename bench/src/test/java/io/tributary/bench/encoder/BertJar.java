package io.tributary.bench.encoder;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import java.util.List;

/** BERT for tests, which is too large to come with every build. */
public final class BertJar {
  private BertJar() {}

  /** The jar that the build put there; ends the test as skipped if it didn't. */
  public static Path require() {
    List<Path> jars = ModelJar.BERT.in(Path.of("target", "models"));
    assumeFalse(
        jars.isEmpty(),
        "no BERT in bench/target/models: mvn -Pbert -Dmaven.test.skip=true test-compile copies it");
    return jars.get(0);
  }
}
