package io.tributary.coordinator.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.tributary.coordinator.RunEvent;
import io.tributary.security.LinkSecurity;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The page in a real browser. Without one the tests are skipped, unless {@code
 * -Drequired.browser=true} demands it.
 */
class LivePageBrowserTest {
  private static final long LOAD_MILLIS = 30_000;
  private static final List<String> AGENTS = List.of("agent-1", "agent-2", "agent-3", "agent-4");

  private static @Nullable Chromium chromium;

  private LivePage page = LivePage.open("127.0.0.1", 0, LinkSecurity.none(), null);
  private ScriptedRun run = new ScriptedRun(event -> page.accept(event));
  private final List<BrowserTab> tabs = new ArrayList<>();

  @BeforeAll
  static void startBrowser() throws Exception {
    Optional<Path> executable = Chromium.find();
    if (executable.isPresent()) {
      chromium = Chromium.start(executable.get());
    } else if (Boolean.getBoolean("required.browser")) {
      throw new AssertionError("no Chromium on the PATH, but required.browser demands one");
    } else {
      abort("no Chromium on the PATH (Debian, Ubuntu: apt-get install chromium)");
    }
  }

  @AfterAll
  static void stopBrowser() throws Exception {
    if (chromium != null) {
      chromium.close();
    }
  }

  @AfterEach
  void closePage() {
    page.close();
    for (BrowserTab tab : tabs) {
      tab.open("about:blank");
    }
  }

  @Test
  void whatHappensIsSeenWithinASecond() throws Exception {
    run.begin(AGENTS);
    steps(1, 50);
    run.round(4, 0, 1, List.of());
    BrowserTab tab = open(1280, 800);
    tab.await("agents.innerText.includes('50 / 1,000')", LOAD_MILLIS);
    assertThat(tab.evaluate("document.querySelectorAll('#drawing .smooth').length")).isEqualTo("4");
    assertThat(tab.evaluate("rounds.innerText")).isEqualTo("1");

    steps(51, 51);
    tab.await("agents.innerText.includes('51 / 1,000')", 1_000);

    run.round(4, 1, 1, List.of("agent-4: disconnected for 61.0 s"));
    tab.await(
        "rounds.innerText === '2' && "
            + "events.innerText.includes('fragment 2, version 1 without agent-4: disconnected')",
        1_000);
    assertThat(tab.evaluate("document.querySelectorAll('#drawing .missing').length"))
        .isEqualTo("1");

    String note = "document.getElementById('rounds-note').innerText";
    String waits = "waits for agent-3: nothing received for 14.0 s";
    page.accept(new RunEvent.Waiting(1, 2, 14, List.of(waits.substring("waits for ".length()))));
    tab.await(
        note
            + ".includes('version 2 of fragment 2 "
            + waits
            + "') && events.innerText.includes('"
            + waits
            + "')",
        1_000);
    run.round(4, 1, 2, List.of());
    tab.await("!" + note + ".includes('waits for')", 1_000);

    run.finish();
    tab.await("state.innerText.includes('Finished')", 1_000);
    page.close();
    assertClean(tab);
  }

  /** 4 agents x 51 steps x 2 x 2 x 837,888 bytes against 4 x 51 x (20,000 + 19,000). */
  @Test
  void bytesAreComparedWithDataParallelTraining() throws Exception {
    run.begin(AGENTS);
    steps(51, 51);
    BrowserTab tab = open(1280, 800);
    tab.await("parallel.innerText === '684 MB'", LOAD_MILLIS);
    assertThat(tab.evaluate("sent.innerText")).isEqualTo("8.0 MB");
    assertThat(tab.evaluate("ratio.innerText")).isEqualTo("86×");
  }

  @Test
  void anAgentsChoiceOfACodecIsSeenWithItsReason() throws Exception {
    run.begin(AGENTS);
    steps(51, 51);
    BrowserTab tab = open(1280, 800);
    tab.await("agents.innerText.includes('51 / 1,000')", LOAD_MILLIS);
    run.chose(1, "agent-2", "int4block", "e3m0 would take 9.1 s of 7.5 s");
    tab.await("agents.rows[1].innerText.includes('int4block')", 1_000);
    assertThat(tab.evaluate("events.innerText"))
        .contains("agent-2 sends int4block: e3m0 would take 9.1 s of 7.5 s");
    assertThat(tab.evaluate("agents.rows[0].innerText")).doesNotContain("int4block");
    assertClean(tab);
  }

  @Test
  void namesOfAgentsAreTextAndNothingElse() throws Exception {
    String hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>";
    run.begin(List.of(hostile));
    run.step(0, hostile, 7);
    BrowserTab tab = open(1280, 800);
    tab.await("agents.innerText.includes('7 / 1,000')", LOAD_MILLIS);
    assertThat(tab.evaluate("agents.querySelector('bdi').textContent")).isEqualTo(hostile);
    assertThat(tab.evaluate("document.querySelectorAll('img, body script').length")).isEqualTo("0");
    assertClean(tab);
  }

  @Test
  void spectraOfChangesAreListedAndTheLastOfEachFragmentCounts() throws Exception {
    run.begin(AGENTS);
    BrowserTab tab = open(1280, 800);
    tab.await("document.getElementById('spectra-card').hidden", LOAD_MILLIS);
    run.spectrum(0, 1, "layer.0.q");
    run.spectrum(1, 1, "<b>layer.1.q</b>");
    run.spectrum(0, 2, "layer.0.q");
    tab.await("spectra.innerText.includes('fragment 1, version 2')", 1_000);
    assertThat(tab.evaluate("spectra.rows.length")).isEqualTo("2");
    assertThat(tab.evaluate("spectra.innerText")).contains("50.0 %", "12.5", "3 / 1,000");
    assertThat(tab.evaluate("spectra.querySelectorAll('b').length")).isEqualTo("0");
    assertClean(tab);
  }

  /** The lines come back from the history of the new process; the old ones are forgotten. */
  @Test
  void aRestartedCoordinatorIsFoundAgain() throws Exception {
    int port = URI.create(page.url()).getPort();
    run.begin(AGENTS);
    steps(1, 20);
    BrowserTab tab = open(1280, 800);
    tab.await("agents.innerText.includes('20 / 1,000')", LOAD_MILLIS);
    page.close();
    tab.await("state.dataset.state === 'lost'", 5_000);
    page = LivePage.open("127.0.0.1", port, LinkSecurity.none(), null);
    run.begin(AGENTS.subList(0, 2));
    run.step(0, "agent-1", 21);
    tab.await("agents.rows.length === 2 && agents.innerText.includes('21 / 1,000')", 20_000);
    assertThat(tab.evaluate("state.dataset.state")).isEqualTo("training");
  }

  @ParameterizedTest
  @CsvSource({"1280, 800", "1024, 768", "390, 844", "320, 640"})
  void nothingIsWiderThanTheScreen(int width, int height) throws Exception {
    run.begin(List.of("agent-1", "a-name-" + "that-is-long-".repeat(5), "agent-3", "agent-4"));
    steps(1, 30);
    run.round(4, 2, 1, List.of("agent-4: " + "gone-".repeat(50)));
    BrowserTab tab = open(width, height);
    tab.await("document.querySelectorAll('#drawing .smooth').length === 4", LOAD_MILLIS);
    assertThat(tab.evaluate("document.documentElement.scrollWidth")).isEqualTo("" + width);
    if (width == 1280) {
      assertThat(Integer.parseInt(tab.evaluate("document.documentElement.scrollHeight")))
          .as("all is seen without scrolling")
          .isLessThanOrEqualTo(height);
    }
    assertClean(tab);
  }

  @Test
  void manyAgentsAndRoundsAreDrawn() throws Exception {
    var names = new ArrayList<String>();
    for (int i = 0; i < 40; i++) {
      names.add("agent-" + i);
    }
    run.begin(names);
    for (int step = 1; step <= 200; step++) {
      for (int i = 0; i < names.size(); i++) {
        run.step(i, names.get(i), step);
      }
      run.round(40, step % 3, (step + 2) / 3, List.of());
    }
    BrowserTab tab = open(1280, 800);
    tab.await("document.querySelectorAll('#drawing .smooth').length === 40", LOAD_MILLIS);
    tab.await("rounds.innerText === '200'", LOAD_MILLIS);
    assertClean(tab);
  }

  /** WCAG 2.2: 4.5 for text, 3 for lines and bars. */
  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void contrastIsEnough(String scheme) throws Exception {
    BrowserTab tab = tab(1280, 800);
    tab.prefer(scheme);
    tab.open(page.url());
    tab.await("getComputedStyle(document.body).fontSize === '15px'", LOAD_MILLIS);
    double paper = luminance(tab, "paper");
    double surface = luminance(tab, "surface");
    assertThat(paper).matches(l -> scheme.equals("dark") ? l < 0.1 : l > 0.8);
    for (String text : List.of("ink", "muted", "alarm", "accent")) {
      assertThat(contrast(luminance(tab, text), paper)).as(text).isGreaterThan(4.5);
      assertThat(contrast(luminance(tab, text), surface)).as(text).isGreaterThan(4.5);
    }
    for (int agent = 0; agent < 8; agent++) {
      assertThat(contrast(luminance(tab, "c" + agent), surface)).as("c" + agent).isGreaterThan(3);
    }
  }

  private void steps(int from, int to) {
    for (int step = from; step <= to; step++) {
      for (int i = 0; i < AGENTS.size(); i++) {
        run.step(i, AGENTS.get(i), step);
      }
    }
  }

  private BrowserTab tab(int width, int height) {
    if (chromium == null) {
      throw new AssertionError("no browser was started");
    }
    BrowserTab tab = chromium.openTab(width, height, 1);
    tabs.add(tab);
    return tab;
  }

  private BrowserTab open(int width, int height) {
    BrowserTab tab = tab(width, height);
    tab.open(page.url());
    return tab;
  }

  private void assertClean(BrowserTab tab) {
    assertThat(tab.complaints()).as("errors and exceptions").isEmpty();
    assertThat(tab.requests()).isNotEmpty();
    URI own = URI.create(page.url());
    assertThat(tab.requests())
        .as("requests to other places")
        .allMatch(request -> own.getAuthority().equals(request.getAuthority()));
  }

  private static double luminance(BrowserTab tab, String token) {
    String value =
        tab.evaluate(
            "getComputedStyle(document.documentElement).getPropertyValue('--" + token + "')");
    Matcher hex = Pattern.compile("#(..)(..)(..)").matcher(value.strip());
    assertThat(hex.matches()).as(token + " is " + value).isTrue();
    return 0.2126 * linear(hex.group(1))
        + 0.7152 * linear(hex.group(2))
        + 0.0722 * linear(hex.group(3));
  }

  private static double linear(String hex) {
    double share = Integer.parseInt(hex, 16) / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }

  private static double contrast(double one, double other) {
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  }
}
