package io.tributary.coordinator.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Takes the picture of a running coordinator's page for the README, near the run's end. Not among
 * the tests that always run: {@code docs/images/live-page.sh} calls it.
 */
class LivePagePicture {
  private static final long RUN_MILLIS = 1_800_000;
  private static final double SHARE_OF_RUN = 0.95;

  @Test
  void take() throws Exception {
    String url = property("picture.url");
    Path file = Path.of(property("picture.file"));
    try (Chromium chromium = Chromium.start(Chromium.find().orElseThrow())) {
      BrowserTab tab = chromium.openTab(1280, 800, 1.5);
      tab.prefer(System.getProperty("picture.scheme", "light"));
      tab.open(url);
      tab.await(
          "run.began && run.agents.filter(a => a.step >= "
              + SHARE_OF_RUN
              + " * run.began.steps).length === run.began.agents",
          RUN_MILLIS);
      byte[] picture = tab.picture();
      assertThat(picture.length).as("bytes, for a page that loads fast").isLessThan(300_000);
      Files.write(file, picture);
    }
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    assertThat(value).as("-D" + name).isNotNull();
    return value;
  }
}
