package io.tributary.coordinator;

import io.tributary.run.SyncSchedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Names the cause when nothing gets on: whose contribution a version waits for, when it was last
 * heard of, whether its link is up, and how much of the contribution is here. Confined to the run's
 * thread.
 */
final class StallWatch {
  /** How long no version is made until it is said why, and then again. */
  static final Duration SAY_AFTER = Duration.ofSeconds(10);

  private final List<Participant> participants;
  private final RunStore store;
  private final SyncSchedule schedule;
  private long madeAt;
  private long saidAt;

  /** A watch over a run that begins, or goes on, now. */
  StallWatch(List<Participant> participants, RunStore store, SyncSchedule schedule, long now) {
    this.participants = participants;
    this.store = store;
    this.schedule = schedule;
    madeAt = now;
    saidAt = now;
  }

  /** A version was made. */
  void made(long now) {
    madeAt = now;
    saidAt = now;
  }

  /** Bytes that arrive are a sign of work long before they are a chunk. */
  void hearWhoSends(long now) {
    for (int f = 0; f < store.fragments().size(); f++) {
      store
          .round(f)
          .forEach(
              (index, contribution) -> {
                if (contribution.grows()) {
                  participants.get(index).received(now);
                }
              });
    }
  }

  /**
   * What is waited for, if it is time to say so: the versions that somebody has contributed to, or,
   * if nothing is heard of anybody, the one that comes next.
   */
  List<RunEvent.Waiting> look(long now) {
    if (now - saidAt < SAY_AFTER.toNanos()) {
      return List.of();
    }
    saidAt = now;
    var found = new ArrayList<RunEvent.Waiting>();
    int begun = -1;
    int next = -1;
    for (int f = 0; f < store.fragments().size(); f++) {
      if (store.committed(f) >= schedule.lastVersion(f)) {
        continue;
      }
      Map<Integer, Contribution> round = store.round(f);
      if (round.values().stream().anyMatch(Contribution::isComplete)) {
        found.add(waiting(f, now));
      }
      begun = begun < 0 && !round.isEmpty() ? f : begun;
      next = next < 0 || store.committed(f) < store.committed(next) ? f : next;
    }
    int stalled = begun < 0 ? next : begun;
    if (found.isEmpty()
        && stalled >= 0
        && participants.stream().allMatch(p -> p.isIdle(SAY_AFTER, now))) {
      found.add(waiting(stalled, now));
    }
    return found;
  }

  private RunEvent.Waiting waiting(int fragment, long now) {
    Map<Integer, Contribution> round = store.round(fragment);
    var agents = new ArrayList<String>();
    for (Participant participant : participants) {
      Contribution held = round.get(participant.index());
      if (held == null || (!held.isComplete() && held.refusal() == null)) {
        agents.add(participant.waitedFor(now, held));
      }
    }
    return new RunEvent.Waiting(
        fragment, store.committed(fragment) + 1, (now - madeAt) / 1e9, agents);
  }
}
