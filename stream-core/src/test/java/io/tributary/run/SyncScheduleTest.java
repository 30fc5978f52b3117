package io.tributary.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class SyncScheduleTest {
  /** All steps t from 1 with (t - t_p) mod H = 0, then the flush: straight from the definition. */
  private static List<Exchange> enumerated(int fragments, int steps, int h, int tau, int p) {
    var list = new ArrayList<Exchange>();
    int offset = p * h / fragments;
    for (int t = 1; t <= steps; t++) {
      if (Math.floorMod(t - offset, h) == 0) {
        list.add(new Exchange(p, list.size() + 1, t, Math.min(t + tau, steps)));
      }
    }
    if (list.isEmpty() || list.get(list.size() - 1).sendStep() != steps) {
      list.add(new Exchange(p, list.size() + 1, steps, steps));
    }
    return list;
  }

  @Test
  void itIsTheEnumerationOfTheDefinition() {
    for (int fragments = 1; fragments <= 5; fragments++) {
      for (int h = fragments; h <= 11; h++) {
        for (int steps = h; steps <= 3 * h + 2; steps++) {
          for (int tau : new int[] {0, 1, h / 2, h - 1}) {
            if (tau < h) {
              check(fragments, steps, h, tau);
            }
          }
        }
      }
    }
  }

  private static void check(int fragments, int steps, int h, int tau) {
    var schedule = new SyncSchedule(fragments, steps, h, tau);
    var all = new ArrayList<Exchange>();
    for (int p = 0; p < fragments; p++) {
      List<Exchange> expected = enumerated(fragments, steps, h, tau, p);
      assertThat(schedule.lastVersion(p)).isEqualTo(expected.size());
      for (int v = 1; v <= expected.size(); v++) {
        assertThat(schedule.exchange(p, v))
            .as("P %d, steps %d, H %d, tau %d", fragments, steps, h, tau)
            .isEqualTo(expected.get(v - 1));
      }
      all.addAll(expected);
    }
    List<Exchange> sent = collect(steps, schedule::sentAt);
    assertThat(sent).containsExactlyInAnyOrderElementsOf(all);
    List<Exchange> later = all.stream().filter(e -> e.applyStep() > e.sendStep()).toList();
    assertThat(collect(steps, schedule::arrivingAt)).containsExactlyInAnyOrderElementsOf(later);
    for (int t = 0; t <= steps; t++) {
      int step = t;
      assertThat(schedule.sentAt(t)).allMatch(e -> e.sendStep() == step);
      assertThat(schedule.arrivingAt(t)).allMatch(e -> e.applyStep() == step);
    }
  }

  private static List<Exchange> collect(int steps, IntFunction<List<Exchange>> at) {
    var all = new ArrayList<Exchange>();
    for (int t = -1; t <= steps + 1; t++) {
      List<Exchange> now = at.apply(t);
      assertThat(now.stream().map(Exchange::fragment).toList()).isSorted().doesNotHaveDuplicates();
      all.addAll(now);
    }
    return all;
  }

  @Test
  void gapsAreExactlyHAndOffsetsAreEvenlySpaced() {
    var schedule = new SyncSchedule(4, 100, 20, 3);
    int[] first = {20, 5, 10, 15};
    for (int p = 0; p < 4; p++) {
      assertThat(schedule.exchange(p, 1).sendStep()).isEqualTo(first[p]);
      for (int v = 2; v <= 4; v++) {
        int gap = schedule.exchange(p, v).sendStep() - schedule.exchange(p, v - 1).sendStep();
        assertThat(gap).isEqualTo(20);
      }
    }
    // Over P·H steps each fragment is sent P times, and all but the first once more at the end.
    var whole = new SyncSchedule(4, 80, 20, 3);
    assertThat(whole.lastVersion(0)).isEqualTo(4);
    assertThat(whole.exchange(0, 4)).isEqualTo(new Exchange(0, 4, 80, 80));
    assertThat(whole.exchange(1, 4)).isEqualTo(new Exchange(1, 4, 65, 68));
    assertThat(whole.exchange(1, 5)).isEqualTo(new Exchange(1, 5, 80, 80));
  }

  @Test
  void whatIsUnderWayAtTheEndIsAppliedThereBeforeTheFlush() {
    var schedule = new SyncSchedule(1, 11, 5, 4);
    assertThat(schedule.exchange(0, 2)).isEqualTo(new Exchange(0, 2, 10, 11));
    assertThat(schedule.arrivingAt(11)).containsExactly(schedule.exchange(0, 2));
    assertThat(schedule.sentAt(11)).containsExactly(new Exchange(0, 3, 11, 11));
  }

  @Test
  void longRunsCostNothing() {
    var schedule = new SyncSchedule(3, Integer.MAX_VALUE, 30, 29);
    int versions = schedule.lastVersion(2);
    assertThat(versions).isEqualTo((Integer.MAX_VALUE - 20) / 30 + 2);
    assertThat(schedule.exchange(2, versions - 1).applyStep()).isEqualTo(Integer.MAX_VALUE);
    assertThat(schedule.sentAt(Integer.MAX_VALUE)).hasSize(3);
    assertThat(schedule.arrivingAt(Integer.MAX_VALUE)).hasSize(3);
  }

  @Test
  void boundsAreNamed() {
    refused(3, 10, 2, 0, "h: expected at least the number of fragments with the base, 3, found 2");
    refused(1, 4, 5, 0, "steps: expected at least h, 5, found 4");
    refused(1, 9, 5, 5, "tau: expected 0 to h - 1, 4, found 5");
    refused(1, 9, 5, -1, "tau: expected 0 to h - 1, 4, found -1");
    refused(0, 9, 5, 1, "fragments: expected at least 1, found 0");
    var schedule = new SyncSchedule(1, 9, 5, 1);
    for (int version : new int[] {0, -1, 3}) {
      assertThatThrownBy(() -> schedule.exchange(0, version))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThatThrownBy(() -> schedule.lastVersion(1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static void refused(int fragments, int steps, int h, int tau, String text) {
    assertThatThrownBy(() -> new SyncSchedule(fragments, steps, h, tau))
        .isInstanceOf(TributaryException.class)
        .hasMessage(text);
  }

  /** Straight from the sentence: cycles of H, each as long as its begin says. */
  private static List<Exchange> growing(
      int fragments, int steps, ExchangeInterval interval, int tau, int p) {
    var list = new ArrayList<Exchange>();
    int begin = 0;
    while (begin < steps) {
      int h =
          (int) (interval.first() + (interval.last() - interval.first()) * (long) begin / steps);
      int sent = begin + (p == 0 ? h : p * h / fragments);
      if (sent <= steps) {
        list.add(new Exchange(p, list.size() + 1, sent, Math.min(sent + tau, steps)));
      }
      begin += h;
    }
    if (list.get(list.size() - 1).sendStep() != steps) {
      list.add(new Exchange(p, list.size() + 1, steps, steps));
    }
    return list;
  }

  @Test
  void anIntervalThatGrowsIsTheEnumerationOfItsCycles() {
    for (int fragments = 1; fragments <= 4; fragments++) {
      for (int first = fragments; first <= 6; first++) {
        for (int last : new int[] {first, first + 1, 2 * first + 1, 40}) {
          for (int steps : new int[] {first, first + 1, 3 * last, 97, 200}) {
            for (int tau : new int[] {0, first / 2, first - 1}) {
              if (steps >= first) {
                checkGrowing(fragments, steps, new ExchangeInterval(first, last), tau);
              }
            }
          }
        }
      }
    }
  }

  private static void checkGrowing(int fragments, int steps, ExchangeInterval interval, int tau) {
    var schedule = new SyncSchedule(fragments, steps, interval, tau);
    var all = new ArrayList<Exchange>();
    for (int p = 0; p < fragments; p++) {
      List<Exchange> expected = growing(fragments, steps, interval, tau, p);
      assertThat(schedule.lastVersion(p)).isEqualTo(expected.size());
      for (int v = 1; v <= expected.size(); v++) {
        assertThat(schedule.exchange(p, v))
            .as("P %d, steps %d, H %s, tau %d", fragments, steps, interval, tau)
            .isEqualTo(expected.get(v - 1));
      }
      for (int v = 1; v < expected.size() - 1; v++) {
        int gap = expected.get(v).sendStep() - expected.get(v - 1).sendStep();
        assertThat(gap).isBetween(interval.first(), interval.last());
      }
      all.addAll(expected);
    }
    assertThat(collect(steps, schedule::sentAt)).containsExactlyInAnyOrderElementsOf(all);
    List<Exchange> later = all.stream().filter(e -> e.applyStep() > e.sendStep()).toList();
    assertThat(collect(steps, schedule::arrivingAt)).containsExactlyInAnyOrderElementsOf(later);
  }

  @Test
  void anIntervalThatGrowsHasALimitOfSteps() {
    assertThatThrownBy(() -> new SyncSchedule(1, Integer.MAX_VALUE, new ExchangeInterval(1, 2), 0))
        .isInstanceOf(TributaryException.class)
        .hasMessage("steps: expected at most 16777216 with an h that grows, found 2147483647");
  }
}
