package io.tributary.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeIntervalTest {
  @Test
  void theTextIsReadBack() {
    assertThat(ExchangeInterval.parse("30")).isEqualTo(ExchangeInterval.fixed(30));
    assertThat(ExchangeInterval.parse(" 5..30")).isEqualTo(new ExchangeInterval(5, 30));
    assertThat(ExchangeInterval.parse("7..7")).hasToString("7");
    assertThat(new ExchangeInterval(5, 30)).hasToString("5..30");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "5..", "..30", "5...30", "-1", "5..30..60", "9999999999", "h"})
  void anyOtherTextIsRefused(String text) {
    assertThatThrownBy(() -> ExchangeInterval.parse(text))
        .isInstanceOf(TributaryException.class)
        .hasMessage("h: expected steps such as 30, or 5..30 to grow from 5 to 30, found " + text);
  }

  @Test
  void itDoesntShrink() {
    assertThatThrownBy(() -> ExchangeInterval.parse("30..5"))
        .isInstanceOf(TributaryException.class)
        .hasMessage("h: expected a number, or two of which the first is not larger, found 30..5");
  }

  @Test
  void itGrowsEvenlyWithTheSteps() {
    var interval = new ExchangeInterval(5, 30);
    assertThat(interval.after(0, 500)).isEqualTo(5);
    assertThat(interval.after(100, 500)).isEqualTo(10);
    assertThat(interval.after(499, 500)).isEqualTo(29);
    assertThat(new ExchangeInterval(1, Integer.MAX_VALUE).after(1 << 30, Integer.MAX_VALUE))
        .isEqualTo(1 + (int) ((long) (Integer.MAX_VALUE - 1) * (1 << 30) / Integer.MAX_VALUE));
  }
}
