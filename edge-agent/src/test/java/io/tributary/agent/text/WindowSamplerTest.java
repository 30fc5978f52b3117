package io.tributary.agent.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WindowSamplerTest {
  private static final int CONTEXT = 4;
  private static final int BATCH = 8;

  private final byte[] text = text(1000);

  @Test
  void windowsAreConsecutiveBytesOfTheText() {
    long[] windows = windows(new WindowSampler(text, 1, 0, CONTEXT, BATCH), 3);
    String all = new String(text, java.nio.charset.StandardCharsets.ISO_8859_1);
    for (int w = 0; w < BATCH; w++) {
      var window = new StringBuilder();
      for (int i = 0; i <= CONTEXT; i++) {
        window.append((char) windows[w * (CONTEXT + 1) + i]);
      }
      assertThat(all).contains(window);
    }
  }

  @Test
  void aStepDependsOnSeedParticipantAndStepOnly() {
    var sampler = new WindowSampler(text, 1, 0, CONTEXT, BATCH);
    long[] seventh = windows(sampler, 7);
    windows(sampler, 8);
    assertThat(windows(sampler, 7)).containsExactly(seventh);
    assertThat(windows(new WindowSampler(text, 1, 0, CONTEXT, BATCH), 7)).containsExactly(seventh);
    assertThat(windows(sampler, 6)).isNotEqualTo(seventh);
    assertThat(windows(new WindowSampler(text, 2, 0, CONTEXT, BATCH), 7)).isNotEqualTo(seventh);
    assertThat(windows(new WindowSampler(text, 1, 1, CONTEXT, BATCH), 7)).isNotEqualTo(seventh);
  }

  @Test
  void everyPlaceIsDrawnAndNoneMuchMoreThanOthers() {
    byte[] small = text(CONTEXT + 10);
    var sampler = new WindowSampler(small, 5, 3, CONTEXT, BATCH);
    int[] drawn = new int[10];
    for (int step = 1; step <= 500; step++) {
      long[] windows = windows(sampler, step);
      for (int w = 0; w < BATCH; w++) {
        drawn[(int) windows[w * (CONTEXT + 1)]]++;
      }
    }
    // 4000 draws of 10 places: a mean of 400, five standard errors of 19.
    for (int count : drawn) {
      assertThat(count).isBetween(305, 495);
    }
  }

  @Test
  void heldOutWindowsAreEvenlySpacedAndDoNotOverlap() {
    byte[] small = text(200);
    var heldOut = new HeldOutWindows(small, CONTEXT, 20);
    assertThat(heldOut.count()).isEqualTo(20);
    long[] all = new long[20 * (CONTEXT + 1)];
    heldOut.fill(0, 20, all);
    for (int w = 1; w < 20; w++) {
      assertThat(start(all, w) - start(all, w - 1)).isBetween(10L, 11L);
    }
    assertThat(start(all, 0)).isZero();
    assertThat(start(all, 19)).isEqualTo(200 - CONTEXT - 1);

    long[] two = new long[2 * (CONTEXT + 1)];
    heldOut.fill(10, 2, two);
    assertThat(start(two, 0)).isEqualTo(start(all, 10));
    assertThat(start(two, 1)).isEqualTo(start(all, 11));
  }

  @Test
  void aShortTextGivesFewerHeldOutWindows() {
    assertThat(new HeldOutWindows(text(CONTEXT + 1), CONTEXT, 50).count()).isEqualTo(1);
    assertThat(new HeldOutWindows(text(3 * CONTEXT + 1), CONTEXT, 50).count()).isEqualTo(3);
  }

  @Test
  void sizesBelowOneAreRefused() {
    assertThatThrownBy(() -> new WindowSampler(text, 1, 0, 0, 1)).hasMessageContaining("context");
    assertThatThrownBy(() -> new HeldOutWindows(text, 1, 0)).hasMessageContaining("windows");
    var sampler = new WindowSampler(text, 1, 0, CONTEXT, BATCH);
    assertThatThrownBy(() -> sampler.fill(1, new long[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 numbers, expected 40");
  }

  private static long[] windows(WindowSampler sampler, long step) {
    long[] windows = new long[BATCH * (CONTEXT + 1)];
    sampler.fill(step, windows);
    return windows;
  }

  /** In a text of at most 256 bytes a window's first byte is its place. */
  private static long start(long[] windows, int w) {
    return windows[w * (CONTEXT + 1)];
  }

  private static byte[] text(int length) {
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) i;
    }
    return text;
  }
}
