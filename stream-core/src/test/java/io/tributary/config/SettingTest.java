package io.tributary.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Backend;
import io.tributary.error.TributaryException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {
  private static final String PROPERTY = "tributary.test.setting";
  private static final Setting<Integer> COUNT = Setting.ofInt("test.setting", 5, 1, 9, "How many.");
  private static final Setting<Duration> PATIENCE =
      Setting.ofMillis("test.setting", 1500, 0, 60_000, "How long.");
  private static final Setting<Boolean> STRICT =
      Setting.ofBoolean("test.setting", true, "Whether.");
  private static final Setting<String> CHOICE =
      Setting.ofChoice("test.setting", Backend.class, "Which.");

  @AfterEach
  void clear() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void withoutPropertyTheDefaultHolds() {
    assertThat(COUNT.get()).isEqualTo(5);
    assertThat(PATIENCE.get()).isEqualTo(Duration.ofMillis(1500));
    assertThat(STRICT.get()).isTrue();
    assertThat(CHOICE.get()).isEqualTo("auto");
  }

  @Test
  void thePropertyOverridesAtEachRead() {
    System.setProperty(PROPERTY, " 9 ");
    assertThat(COUNT.get()).isEqualTo(9);
    System.setProperty(PROPERTY, "1");
    assertThat(COUNT.get()).isEqualTo(1);
    assertThat(PATIENCE.get()).isEqualTo(Duration.ofMillis(1));
    System.setProperty(PROPERTY, "false");
    assertThat(STRICT.get()).isFalse();
    System.setProperty(PROPERTY, "simd");
    assertThat(CHOICE.get()).isEqualTo("simd");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "10", "", "many", "5.0", "99999999999"})
  void aValueOutOfBoundsIsAnError(String text) {
    System.setProperty(PROPERTY, text);
    assertThatThrownBy(COUNT::get)
        .isInstanceOf(TributaryException.class)
        .hasMessage(
            "setting tributary.test.setting: expected a whole number from 1 to 9, found " + text);
  }

  @Test
  void otherKindsAreCheckedToo() {
    System.setProperty(PROPERTY, "60001");
    assertThatThrownBy(PATIENCE::get).hasMessageContaining("milliseconds from 0 to 60000");
    assertThatThrownBy(STRICT::get).hasMessageContaining("true or false");
    assertThatThrownBy(CHOICE::get).hasMessageContaining("one of auto, gpu, scalar, simd");
  }

  @Test
  void itDescribesItself() {
    assertThat(COUNT.name()).isEqualTo("test.setting");
    assertThat(COUNT.property()).isEqualTo(PROPERTY);
    assertThat(COUNT.defaultValue()).isEqualTo(5);
    assertThat(COUNT.bounds()).isEqualTo("a whole number from 1 to 9");
    assertThat(COUNT.sentence()).isEqualTo("How many.");
  }
}
