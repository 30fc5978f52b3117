package io.tributary.bench.diloco.utilization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.bench.diloco.utilization.UtilizationStudy.Figures;
import io.tributary.bench.diloco.utilization.UtilizationStudy.LinkRow;
import io.tributary.bench.diloco.utilization.UtilizationStudy.Row;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class UtilizationStudyTest {
  private static final int METHODS = SimulatedMethod.values().length;
  private static final int COLUMNS = PublishedTable.UTILIZATIONS.size();

  @Test
  void allCellsLieWithinAStepOfThePublishedGrid() {
    List<Row> rows = UtilizationStudy.publishedRows();
    assertThat(rows).hasSize(75).allMatch(r -> r.difference() <= 0.25);
    assertThat(rows).filteredOn(r -> r.difference() > 0.12).hasSizeLessThanOrEqualTo(9);
  }

  @Test
  void noMethodNeedsMoreThanTheOneBeforeIt() {
    List<Row> rows = UtilizationStudy.publishedRows();
    for (int at = 0; at < rows.size(); at++) {
      boolean first = at / COLUMNS % METHODS == 0;
      if (!first) {
        assertThat(rows.get(at).simulated())
            .as("%s", rows.get(at))
            .isLessThanOrEqualTo(rows.get(at - COLUMNS).simulated());
      }
      if (at % COLUMNS != 0) {
        assertThat(rows.get(at).simulated())
            .as("%s", rows.get(at))
            .isGreaterThanOrEqualTo(rows.get(at - 1).simulated());
      }
    }
  }

  @Test
  void dataParallelismOnASlowNetworkTakesTheTransfersTimeAndOneForwardPass() {
    var model = new SimulatedModel("plain", 6e9, 4, 3);
    // An exchange of 80 Gbit over 1 Gbit/s, the forward pass of 1 s and the last layer's backward.
    double expected = 3 / (80 + 1 + 0.5);
    assertThat(new LayerwiseTimeline(model, SimulatedMethod.DATA_PARALLEL).utilization(1e9))
        .isCloseTo(expected, within(1e-9));
  }

  @Test
  void anUnlimitedNetworkCostsNothing() {
    for (SimulatedMethod method : SimulatedMethod.values()) {
      var timeline = new LayerwiseTimeline(SimulatedModel.PUBLISHED.get(0), method);
      assertThat(timeline.utilization(1e18)).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void anAgentWaitsForBothDirections() {
    var model = new SimulatedModel("whole", 1e6, 3, 1);
    // One fragment every 10 steps, 4 Mbit up and 8 Mbit down over 1 Mbit/s, no delay: 12 s.
    assertThat(new StarTimeline(model, 10, 0).utilization(4, 8, 1e6))
        .isCloseTo(10.0 / 22, within(1e-9));
    assertThat(new StarTimeline(model, 10, 5).utilization(4, 8, 1e6))
        .as("five steps of the twelve seconds are hidden")
        .isCloseTo(10.0 / 17, within(0.03));
  }

  @Test
  void fewerBitsAndFasterLinksNeverHurt() {
    var text = new StringWriter();
    Figures figures = UtilizationStudy.run(true, new PrintWriter(text));
    assertThat(text.toString()).contains("75 of 75 cells within 25 %");
    assertThat(figures.links()).isNotEmpty();
    for (LinkRow a : figures.links()) {
      for (LinkRow b : figures.links()) {
        if (a.model().equals(b.model()) && a.bits() >= b.bits() && a.link() <= b.link()) {
          assertThat(a.utilisation()).isLessThanOrEqualTo(b.utilisation() + 1e-12);
        }
      }
    }
  }
}
