package io.tributary.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CreditWindowTest {
  @Test
  void demandWithinTheInitialCreditNeedsNoFrame() {
    CreditWindow window = new CreditWindow(3, 100);
    assertThat(window.demand(2)).isZero();
    assertThat(window.demand(1)).isZero();
    assertThat(window.demand(5)).isEqualTo(5);
    assertThat(window.granted()).isEqualTo(8);
  }

  @Test
  void noMoreIsGrantedThanTheStreamHas() {
    CreditWindow window = new CreditWindow(1, 10);
    assertThat(window.demand(Long.MAX_VALUE)).isEqualTo(9);
    assertThat(window.demand(Long.MAX_VALUE)).isZero();
    CreditWindow complete = new CreditWindow(1, 0);
    assertThat(complete.demand(7)).isZero();
  }

  @Test
  void oneChunkMoreThanGrantedIsNoticed() {
    CreditWindow window = new CreditWindow(1, 10);
    assertThat(window.take()).isTrue();
    assertThat(window.take()).isFalse();
  }

  @Test
  void withoutInitialCreditEverythingIsDemand() {
    CreditWindow window = new CreditWindow(0, 10);
    assertThat(window.demand(1)).isEqualTo(1);
    assertThat(window.take()).isTrue();
    assertThat(window.take()).isFalse();
  }
}
