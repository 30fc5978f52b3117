package io.tributary.agent.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClientPacesTest {
  private final ClientPaces paces = new ClientPaces(4);

  private static long seconds(double seconds) {
    return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
  }

  /** It works in parts of 30 s, and was away while all others met. */
  @Test
  void whoComesBackIsWaitedForAsBefore() {
    ClientPace pace = paces.of("slow");
    pace.placed(1000, 0);
    long now = 0;
    for (int step = 0; step < 8; step++) {
      now += seconds(30);
      pace.heard(now);
      pace.told(now);
      pace.stepEnded();
    }
    now += seconds(300);
    ClientPace again = paces.of("slow");
    again.placed(1000, now);
    assertThat(again.isLate(now, now + seconds(119))).isFalse();
    assertThat(again.isLate(now, now + seconds(125))).isTrue();
    ClientPace stranger = paces.of("new");
    stranger.placed(1000, now);
    assertThat(stranger.isLate(now, now + seconds(61))).isTrue();
  }

  @Test
  void namesMakeRoomForNames() {
    ClientPace first = paces.of("first");
    ClientPace second = paces.of("second");
    for (int i = 2; i < ClientPaces.MOST; i++) {
      paces.of("name " + i);
    }
    assertThat(paces.of("first")).isSameAs(first);
    paces.of("one more");
    assertThat(paces.of("first")).isSameAs(first);
    assertThat(paces.of("second")).isNotSameAs(second);
  }
}
