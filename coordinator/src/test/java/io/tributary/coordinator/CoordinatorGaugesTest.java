package io.tributary.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.link.LinkLoad;
import io.tributary.link.RelayGauge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoordinatorGaugesTest {
  @TempDir private Path folder;

  @Test
  void tellsWhatIsHeldAndWhatMayBe() throws IOException {
    Files.write(folder.resolve("1"), new byte[1000]);
    Files.write(folder.resolve("2"), new byte[24]);
    var backlog = new MessageBacklog();
    backlog.new OfLink().add(100);
    Map<String, Long> values =
        of(
            new CoordinatorGauges(
                folder, () -> new LinkLoad(2, 3, 4, 50, 60), new RelayGauge(7), backlog));
    assertThat(values)
        .containsEntry("journal_bytes", 1024L)
        .containsEntry("links", 2L)
        .containsEntry("streams_inbound", 3L)
        .containsEntry("streams_outbound", 4L)
        .containsEntry("inbound_bytes", 50L)
        .containsEntry("outbound_bytes", 60L)
        .containsEntry("waiting_message_bytes", 356L)
        .containsEntry("relay_bytes", 0L)
        .containsEntry("relay_max_bytes", 7L);
    assertThat(values.get("heap_used_bytes")).isBetween(1L, values.get("heap_max_bytes"));
    assertThat(values.get("direct_used_bytes")).isBetween(0L, values.get("direct_max_bytes"));
    assertThat(values.get("inbound_max_bytes")).isPositive();
    assertThat(values.keySet()).allMatch(name -> name.matches("[a-z_]+"));
  }

  @Test
  void aJournalThatIsntThereYetIsEmpty() {
    var gauges =
        new CoordinatorGauges(
            folder.resolve("later"),
            () -> new LinkLoad(0, 0, 0, 0, 0),
            new RelayGauge(1),
            new MessageBacklog());
    assertThat(of(gauges)).containsEntry("journal_bytes", 0L);
  }

  private static Map<String, Long> of(CoordinatorGauges gauges) {
    return gauges.get().stream().collect(Collectors.toMap(Gauge::name, Gauge::value));
  }
}
