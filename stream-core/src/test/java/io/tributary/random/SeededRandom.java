package io.tributary.random;

import java.util.Random;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A source of random numbers that is the same in each run, and that names its seed when the test
 * fails. Another seed is tried with {@code -Dtest.seed=N}. Register it as a field.
 */
public final class SeededRandom implements BeforeTestExecutionCallback, AfterTestExecutionCallback {
  private static final long SEED = Long.getLong("test.seed", 20_260_801L);

  private Random random = new Random(SEED);

  /** The generator of the running test; for one thread. */
  public Random get() {
    return random;
  }

  @Override
  public void beforeTestExecution(ExtensionContext context) {
    random = new Random(SEED);
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    context
        .getExecutionException()
        .ifPresent(
            failure ->
                failure.addSuppressed(new AssertionError("run again with -Dtest.seed=" + SEED)));
  }
}
