package io.tributary.codecs.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.config.Setting;
import org.junit.jupiter.api.Test;

class KernelSettingsTest {
  @Test
  void listHoldsEverySetting() throws IllegalAccessException {
    int settings = 0;
    for (var field : KernelSettings.class.getFields()) {
      if (field.getType() == Setting.class) {
        assertThat(KernelSettings.ALL).contains((Setting<?>) field.get(null));
        settings++;
      }
    }
    assertThat(KernelSettings.ALL).hasSize(settings);
  }

  @Test
  void widthThatIsNoneIsRefused() {
    String property = KernelSettings.SIMD_BITS.property();
    String before = System.getProperty(property, "0");
    System.setProperty(property, "100");
    try {
      assertThatThrownBy(SimdSupport::bits).hasMessageContaining("0, 128, 256 or 512");
    } finally {
      System.setProperty(property, before);
    }
  }
}
