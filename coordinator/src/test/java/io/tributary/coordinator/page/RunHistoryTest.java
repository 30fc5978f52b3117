package io.tributary.coordinator.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.coordinator.RunEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a page that comes late is told, and that it stays bounded. */
class RunHistoryTest {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final AtomicLong clock = new AtomicLong(5_000);
  private final RunHistory history = new RunHistory(clock::get);
  private final ScriptedRun run = new ScriptedRun(history::add);

  @Test
  void tellsEverythingOfAShortRunInItsOrder() {
    run.begin(List.of("a", "b"));
    clock.addAndGet(250);
    run.step(0, "a", 1);
    run.step(1, "b", 1);
    run.round(2, 0, 1, List.of());
    run.finish();
    assertThat(replay().stream().map(e -> e.path("event").asText()))
        .containsExactly(
            "began",
            "joined",
            "joined",
            "progressed",
            "progressed",
            "contributed",
            "contributed",
            "committed",
            "finished");
    assertThat(replay().get(0).path("at").asLong()).isZero();
    assertThat(replay().get(4))
        .isEqualTo(
            MAPPER
                .createObjectNode()
                .put("event", "progressed")
                .put("participant", 1)
                .put("agent", "b")
                .put("step", 1)
                .put("loss", replay().get(4).path("loss").asDouble())
                .put("bytesUp", 20_000)
                .put("bytesDown", 19_000)
                .put("at", 250));
  }

  @Test
  void keepsTheLastSpectrumOfEachFragmentAndCutsNames() {
    for (int version = 1; version <= 20_000; version++) {
      run.spectrum(version % 2, version, "layer " + "x".repeat(500));
    }
    var spectra =
        replay().stream().filter(e -> e.path("event").asText().equals("spectrum")).toList();
    assertThat(spectra).hasSizeLessThan(20_000);
    JsonNode last = spectra.get(spectra.size() - 1);
    assertThat(last.path("version").asInt()).isEqualTo(20_000);
    assertThat(last.path("tensors").get(0).path("tensor").asText()).hasSize(80).endsWith("…");
    assertThat(last.path("tensors").get(0).path("gap").isNull()).isTrue();
    assertThat(last.path("tensors").get(0).path("topShare").asDouble()).isEqualTo(0.5);
  }

  @Test
  void tellsOnlyWhatIsNew() {
    run.begin(List.of("a"));
    long known = history.last();
    run.step(0, "a", 1);
    assertThat(history.after(known, 10)).hasSize(1);
    assertThat(history.after(history.last(), 10)).isEmpty();
    assertThat(history.after(0, 2)).hasSize(2);
  }

  @Test
  void aLongLineGetsCoarserButNotShorter() {
    int steps = 100_003;
    run.begin(List.of("a"));
    for (int step = 1; step <= steps; step++) {
      clock.addAndGet(10);
      history.add(new RunEvent.Progressed(0, "a", step, step % 2, step, 0));
    }
    List<JsonNode> points = progress();
    assertThat(points).hasSizeBetween(512, 1024);
    assertThat(points.get(points.size() - 1).path("step").asInt()).isEqualTo(steps);
    int before = 0;
    for (JsonNode point : points) {
      int gap = point.path("step").asInt() - before;
      before = point.path("step").asInt();
      assertThat(gap).isBetween(1, 128);
      if (gap > 1) {
        assertThat(point.path("loss").asDouble()).as("mean of 0 and 1").isBetween(0.3, 0.7);
      }
    }
  }

  /** Whatever the cursor, a page ends at the newest point and never hears a point out of order. */
  @Test
  void aPageThatFallsBehindSkipsToTheLatest() {
    run.begin(List.of("a", "b"));
    long cursor = history.last();
    var heard = new ArrayList<Integer>();
    for (int step = 1; step <= 20_000; step++) {
      run.step(0, "a", step);
      run.step(1, "b", step);
      if (step % 5_000 == 0) {
        List<HistoryEntry> news = history.after(cursor, 100);
        cursor = news.get(news.size() - 1).sequence();
        news.forEach(e -> heard.add(read(e.json()).path("step").asInt()));
      }
    }
    for (List<HistoryEntry> news = history.after(cursor, 100);
        !news.isEmpty();
        news = history.after(cursor, 100)) {
      cursor = news.get(news.size() - 1).sequence();
      news.forEach(e -> heard.add(read(e.json()).path("step").asInt()));
    }
    assertThat(heard).isSorted().endsWith(20_000).hasSizeLessThan(3_000);
  }

  @Test
  void manyAgentsShareTheBudget() {
    int agents = 1000;
    run.begin(Collections.nCopies(agents, "a"));
    for (int step = 1; step <= 200; step++) {
      for (int participant = 0; participant < agents; participant++) {
        run.step(participant, "a", step);
      }
    }
    assertThat(progress()).hasSizeBetween(agents * 8, RunHistory.PROGRESS_POINTS + agents);
  }

  @Test
  void oldRoundsGoWhenTheirTextIsTooLong() {
    run.begin(List.of("a", "b"));
    int rounds = 40_000;
    for (int version = 1; version <= rounds; version++) {
      run.round(2, 0, version, List.of("b: disconnected for 61.0 s"));
    }
    List<JsonNode> told = replay();
    long characters = told.stream().mapToLong(e -> e.toString().length()).sum();
    assertThat(characters).isLessThan(RunHistory.TOLD_CHARACTERS + 2_000);
    assertThat(told.get(told.size() - 1).path("version").asInt()).isEqualTo(rounds);
    assertThat(told.subList(0, 3).stream().map(e -> e.path("event").asText()))
        .as("the present state outlives old rounds")
        .containsExactly("began", "joined", "joined");
  }

  @Test
  void anAgentThatComesAndGoesIsToldOnceForTheSeat() {
    run.begin(List.of("a"));
    for (int i = 0; i < 60_000; i++) {
      history.add(new RunEvent.Left(0, "a", "connection lost"));
      history.add(new RunEvent.Joined(0, "a", 1, 1));
    }
    List<JsonNode> told = replay();
    assertThat(told.get(told.size() - 1).path("event").asText()).isEqualTo("joined");
    assertThat(told).hasSizeLessThan(40_000);
  }

  @Test
  void textsOfOthersAreCut() {
    String name = "n".repeat(10_000);
    history.add(new RunEvent.Joined(0, name, 1, 1));
    history.add(new RunEvent.Progressed(0, name, 1, 1, 0, 0));
    history.add(new RunEvent.Left(0, name, "r".repeat(10_000)));
    run.round(5_000, 0, 1, Collections.nCopies(4_000, name));
    for (JsonNode event : replay()) {
      assertThat(event.path("agent").asText().length()).isLessThanOrEqualTo(80);
      assertThat(event.path("reason").asText().length()).isLessThanOrEqualTo(300);
    }
    JsonNode exclusions = replay().get(replay().size() - 1).path("exclusions");
    assertThat(exclusions).hasSize(33);
    assertThat(exclusions.get(32).asText()).isEqualTo("and 3968 more");
  }

  /** JSON has no such numbers; the page says so instead of drawing them. */
  @Test
  void aLossThatIsNoNumberStaysValidJson() {
    history.add(new RunEvent.Progressed(0, "a", 1, Double.NaN, 0, 0));
    assertThat(progress().get(0).path("loss").isTextual()).isTrue();
  }

  private List<JsonNode> progress() {
    return replay().stream().filter(e -> e.path("event").asText().equals("progressed")).toList();
  }

  private List<JsonNode> replay() {
    return history.after(0, Integer.MAX_VALUE).stream().map(e -> read(e.json())).toList();
  }

  private static JsonNode read(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }
}
