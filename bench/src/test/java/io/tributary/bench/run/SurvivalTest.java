package io.tributary.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.random.SeededRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills, stops and suspends real processes and compares the bits that come out. What is random
 * comes from a seed that a failure prints.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SurvivalTest {
  private static final int STEPS = 36;
  private static final String[] TWO = {
    "--agents", "2", "--steps", "" + STEPS, "--h", "9", "--tau", "2", "--fragments", "2"
  };

  /** Slow enough that steps wait for it and a kill lands in the middle of a contribution. */
  private static final String SLOW = "150kbit";

  @RegisterExtension final SeededRandom random = new SeededRandom();
  @TempDir private Path folder;

  /** What a run without disturbance ends with; the first test finds it. */
  private static String undisturbed = "";

  private static int somewhere(Random random) {
    return 2 + random.nextInt(STEPS - 8);
  }

  private String run(String name, String link, String... options) {
    try (var run = new RealRun(folder.resolve(name), link, options)) {
      run.startCoordinator();
      run.startAgent("a");
      run.startAgent("b");
      return run.awaitEnd("a", "b");
    }
  }

  @Test
  @Order(1)
  void theSameSeedGivesTheSameBitsAtAnySpeed() {
    undisturbed = run("fast", "none", TWO);
    assertThat(run("slow", "200kbit", TWO)).isEqualTo(undisturbed);
  }

  private String expected() {
    if (undisturbed.isEmpty()) {
      undisturbed = run("undisturbed", "none", TWO);
    }
    return undisturbed;
  }

  @Test
  @Order(2)
  void aKilledCoordinatorGoesOn() {
    String expected = expected();
    try (var run = new RealRun(folder.resolve("killed"), SLOW, TWO)) {
      WatchedProcess first = run.startCoordinator();
      run.startAgent("a");
      run.startAgent("b");
      for (int commits : new int[] {2, 5}) {
        WatchedProcess now = run.coordinator();
        int version = now == first ? commits : commits - first.all("committed").size();
        awaitCommits(now, Math.max(1, version));
        now.kill();
        run.startCoordinator();
      }
      assertThat(run.awaitEnd("a", "b")).isEqualTo(expected);
      assertThat(run.log("a")).contains("waiting for 127.0.0.1:").contains("connected to");
    }
  }

  private static void awaitCommits(WatchedProcess coordinator, int count) {
    coordinator.await("committed", any -> coordinator.all("committed").size() >= count);
  }

  @Test
  @Order(3)
  void aKilledAgentGoesOnAndSendsTheSameBytes() {
    String expected = expected();
    try (var run = new RealRun(folder.resolve("killed"), SLOW, TWO)) {
      run.startCoordinator();
      run.startAgent("a");
      run.startAgent("b");
      for (String name : List.of("b", "a")) {
        int step = somewhere(random.get());
        System.out.println("killing " + name + " at step " + step);
        WatchedProcess agent = run.agent(name);
        agent.await("progressed", e -> e.path("step").asInt() >= step);
        agent.kill();
        WatchedProcess again = run.startAgent(name);
        assertThat(again.await("joined").path("fromStep").asInt()).isLessThanOrEqualTo(STEPS);
      }
      assertThat(run.awaitEnd("a", "b")).isEqualTo(expected);
      for (JsonNode commit : run.coordinator().all("committed")) {
        assertThat(commit.path("exclusions")).isEmpty();
      }
    }
  }

  @Test
  @Order(4)
  void everythingStopsWithinSecondsAndGoesOnWhenStartedAgain() throws IOException {
    String expected = expected();
    try (var run = new RealRun(folder.resolve("stopped"), SLOW, TWO)) {
      run.startCoordinator();
      run.startAgent("a");
      run.startAgent("b");
      run.agent("a").await("progressed", e -> e.path("step").asInt() >= 14);
      assertThat(run.coordinator().stop()).isLessThan(5000);
      assertThat(run.agent("a").stop()).as("while it waits for the coordinator").isLessThan(5000);
      assertThat(run.agent("b").stop()).isLessThan(5000);
      assertThat(run.log("coordinator")).contains("stopping; start it again");
      assertThat(run.log("a")).contains("stopped; start it again").doesNotContain("error [");
      // The other way round: agents wait for a coordinator that comes after them.
      run.startAgent("a");
      run.startAgent("b");
      run.startCoordinator();
      assertThat(run.awaitEnd("a", "b")).isEqualTo(expected);
      // Once more, all over: everybody agrees at once that it is.
      run.startCoordinator();
      run.startAgent("a");
      run.startAgent("b");
      assertThat(run.awaitEnd("a", "b")).isEqualTo(expected);
      assertThat(Files.exists(run.data("a").resolve("residuals.chm"))).isFalse();
    }
  }

  @Test
  @Order(5)
  void feedbackAndWhatEagerAgentsAppliedSurviveAKillAndAStop() {
    String[] eager = {
      "--agents",
      "2",
      "--steps",
      "" + STEPS,
      "--h",
      "6..12",
      "--tau",
      "5",
      "--fragments",
      "2",
      "--eager",
      "--outer",
      "average:0.7",
      "--codec",
      "e3m0+ef"
    };
    String expected = run("undisturbed", "none", eager);
    try (var run = new RealRun(folder.resolve("disturbed"), SLOW, eager)) {
      run.startCoordinator();
      run.startAgent("a");
      run.startAgent("b");
      int step = 10 + random.get().nextInt(STEPS - 16);
      System.out.println("killing a and stopping b at step " + step);
      run.agent("a").await("progressed", e -> e.path("step").asInt() >= step);
      run.agent("a").kill();
      run.agent("b").stop();
      assertThat(run.data("a").resolve("residuals.chm")).exists();
      assertThat(run.data("b").resolve("residuals.chm.clean")).exists();
      run.startAgent("a");
      run.startAgent("b");
      assertThat(run.awaitEnd("a", "b")).isEqualTo(expected);
      assertThat(run.log("a")).contains("recovering").doesNotContain("is lost");
      assertThat(run.log("b")).doesNotContain("recovering").doesNotContain("is lost");
    }
  }

  /**
   * Three places, a quorum of two: c joins late and takes the model as it is, then b is killed for
   * good, and the others go on without it.
   */
  @Test
  @Order(6)
  void aQuorumGoesOnWithoutTheDeadAndTakesInTheLate() {
    String[] three = {
      "--agents", "3", "--quorum", "2", "--patience", "1", "--steps", "72", "--h", "9", "--tau", "2"
    };
    try (var run = new RealRun(folder.resolve("quorum"), SLOW, three)) {
      WatchedProcess coordinator = run.startCoordinator();
      WatchedProcess a = run.startAgent("a");
      WatchedProcess b = run.startAgent("b");
      awaitCommits(coordinator, 4);
      a.suspend();
      b.suspend();
      JsonNode late = run.startAgent("c").await("joined");
      assertThat(late.path("participant").asInt()).isEqualTo(2);
      assertThat(late.path("fromStep").asInt()).isBetween(5, 70);
      a.resume();
      b.resume();
      coordinator.await("committed", e -> e.path("participants").toString().equals("[0,1,2]"));
      b.kill();
      String fingerprint = run.awaitEnd("a", "c");
      assertThat(fingerprint).hasSize(64);
      List<JsonNode> commits = coordinator.all("committed");
      assertThat(commits.get(0).path("exclusions").toString()).contains("agent #3: never joined");
      JsonNode last = commits.get(commits.size() - 1);
      assertThat(last.path("participants").size()).isEqualTo(2);
      assertThat(last.path("exclusions").toString())
          .matches("\\[\".: disconnected for .* to be back\"]");
      assertThat(run.log("coordinator")).contains("was made without");
    }
  }

  @Test
  @Order(7)
  void anAgentWithAnotherModelIsTurnedAwayAndTheRunGoesOn() {
    try (var run = new RealRun(folder.resolve("other"), "none", TWO)) {
      run.startCoordinator();
      run.startAgent("a").await("joined");
      assertThat(run.startAgent("c", 32).exitCode()).isNotZero();
      assertThat(run.log("c")).contains("error [SCHEMA_MISMATCH]");
      run.startAgent("b");
      assertThat(run.awaitEnd("a", "b")).isEqualTo(expected());
    }
  }

  @Test
  @Order(9)
  void whoHasNoKeysOfTheRunIsTurnedAwayAndTheRunGoesOn() {
    try (var run = new RealRun(folder.resolve("keys"), "none", TWO)) {
      Path stranger = run.protect("a", "b");
      run.startCoordinator();
      run.startAgent("a").await("joined");
      run.startWithKeys("mallory", stranger);
      assertThat(run.agent("mallory").exitCode()).isNotZero();
      assertThat(run.log("mallory")).contains("error [NOT_TRUSTED]");
      run.startAgent("b");
      assertThat(run.awaitEnd("a", "b")).isEqualTo(expected());
      assertThat(run.log("coordinator")).contains("TLS 1.3");
    }
  }

  @Test
  @Order(8)
  void aDamagedStateLetsItsAgentJoinAnew() throws IOException {
    String[] quorum = {
      "--agents", "2", "--quorum", "1", "--patience", "1", "--steps", "36", "--h", "9", "--tau", "2"
    };
    try (var run = new RealRun(folder.resolve("damaged"), SLOW, quorum)) {
      WatchedProcess coordinator = run.startCoordinator();
      WatchedProcess a = run.startAgent("a");
      WatchedProcess b = run.startAgent("b");
      awaitCommits(coordinator, 3);
      a.suspend(); // or it would end the run before the other is back
      b.kill();
      Path state = run.data("b").resolve("agent.state");
      byte[] bytes = Files.readAllBytes(state);
      bytes[bytes.length / 2] ^= 1;
      Files.write(state, bytes);
      run.startAgent("b").await("joined");
      a.resume();
      run.awaitEnd("a", "b");
      assertThat(run.log("b")).contains("is set aside").contains("took the current model");
      assertThat(run.data("b").resolve("agent.state.damaged")).exists();
    }
  }
}
