package io.tributary.bench.diloco.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.bench.diloco.identity.IdentityStudy.Figures;
import io.tributary.tensor.Initializer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdentityStudyTest {
  private static final long SEED = 3;

  /** Without the real model, which the study's long form trains. */
  @Test
  void everythingHolds() {
    var text = new StringWriter();
    Figures figures = IdentityStudy.run(true, SEED, new PrintWriter(text));
    assertThat(figures.rows()).hasSizeGreaterThanOrEqualTo(12).allMatch(IdentityStudy.Row::holds);
    assertThat(figures.allHold()).isTrue();
    assertThat(text.toString().lines().filter(l -> l.startsWith("holds ")))
        .hasSameSizeAs(figures.rows());
  }

  @Test
  void aPlainDilocoOfOneReplicaAndOneStepIsThatReplica() {
    var schema = StudyModels.layered(1, 5, Initializer.constant(1));
    var replica = RegressionTrainer.plain(schema, SEED, List.of(0), 0.1f);
    var alone = RegressionTrainer.plain(schema, SEED, List.of(0), 0.1f);
    var theta = new PlainDiloco(List.of(replica), SEED, 1, 0).run(3, 1);
    for (int step = 1; step <= 3; step++) {
      alone.step(step);
    }
    var expected = new float[5];
    alone.read(0, expected, 0);
    assertThat(theta.tensor(0)).containsExactly(expected);
  }
}
