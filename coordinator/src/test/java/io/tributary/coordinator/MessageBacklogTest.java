package io.tributary.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.link.LinkSettings;
import org.junit.jupiter.api.Test;

class MessageBacklogTest {
  private final MessageBacklog backlog = new MessageBacklog();
  private final int most = LinkSettings.MESSAGE_QUEUE_BYTES.get();

  @Test
  void anAgentThatSendsFasterThanTheRunReadsIsRefused() {
    MessageBacklog.OfLink fast = backlog.new OfLink();
    MessageBacklog.OfLink other = backlog.new OfLink();
    int count = 0;
    while (backlog.bytes() <= most - 1256) {
      fast.add(1000);
      count++;
    }
    assertThatThrownBy(() -> fast.add(1000)).hasMessageContaining("expected at most " + most);
    other.add(1000);
    for (int i = 0; i < count; i++) {
      fast.remove(1000);
    }
    fast.add(1000);
    fast.remove(1000);
    other.remove(1000);
    assertThat(backlog.bytes()).isZero();
  }

  @Test
  void oneMessageIsAlwaysTaken() {
    MessageBacklog.OfLink link = backlog.new OfLink();
    link.add(most + 1);
    assertThatThrownBy(() -> link.add(0)).hasMessageContaining("expected at most");
    link.remove(most + 1);
    link.add(0);
    assertThat(backlog.bytes()).isEqualTo(256);
  }

  @Test
  void emptyMessagesCountToo() {
    MessageBacklog.OfLink link = backlog.new OfLink();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i <= most / 256; i++) {
                link.add(0);
              }
            })
        .hasMessageContaining("messages that wait for the run");
    assertThat(backlog.bytes()).isLessThanOrEqualTo(most);
  }
}
