package io.tributary.coordinator;

import io.tributary.run.CodecNotice;
import io.tributary.run.Fragment;
import io.tributary.run.RunManifest;
import io.tributary.run.SyncSchedule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens in a run, as it is logged, written as JSON lines and shown on the page. */
public sealed interface RunEvent {
  /**
   * The live page is served.
   *
   * @param url where
   */
  record Serving(String url) implements RunEvent {}

  /**
   * The coordinator accepts agents.
   *
   * @param host the address it listens on
   * @param port the port it listens on
   */
  record Listening(String host, int port) implements RunEvent {}

  /**
   * The run has begun, or goes on after a restart of the coordinator.
   *
   * @param run its identity
   * @param agents how many it has
   * @param quorum how many contributions a round needs at least
   * @param parameters of the model
   * @param steps inner steps of each agent
   * @param interval H, or the first and the last with two dots between them
   * @param delay tau
   * @param codecUp codec policy of contributions
   * @param codecDown codec policy of aggregates
   * @param fragments the number of elements of each fragment
   * @param versions the number of versions that each fragment will have at the end
   * @param committed the version of each fragment now
   */
  record Began(
      String run,
      int agents,
      int quorum,
      long parameters,
      int steps,
      String interval,
      int delay,
      String codecUp,
      String codecDown,
      List<Long> fragments,
      List<Integer> versions,
      List<Integer> committed)
      implements RunEvent {
    /** The begin of a run at the given versions. */
    static Began of(RunManifest run, List<Integer> committed) {
      SyncSchedule schedule = run.schedule();
      List<Fragment> fragments = run.fragmentMap().fragments();
      return new Began(
          run.run(),
          run.participants(),
          run.quorum(),
          run.schema().parameters(),
          run.steps(),
          run.interval().toString(),
          run.delay(),
          run.codecUp(),
          run.codecDown(),
          fragments.stream().map(Fragment::elements).toList(),
          fragments.stream().map(f -> schedule.lastVersion(f.index())).toList(),
          committed);
    }
  }

  /**
   * An agent took or resumed its place.
   *
   * @param participant its index
   * @param agent its name
   * @param present how many agents are connected
   * @param expected how many the run has
   */
  record Joined(int participant, String agent, int present, int expected) implements RunEvent {}

  /**
   * An agent's connection ended.
   *
   * @param participant its index
   * @param agent its name
   * @param reason why
   */
  record Left(int participant, String agent, String reason) implements RunEvent {}

  /**
   * An agent reported its progress.
   *
   * @param participant its index
   * @param agent its name
   * @param step inner steps done
   * @param loss training loss of the last step, in nats a token
   * @param bytesUp bytes it has written to its socket
   * @param bytesDown bytes it has read from its socket
   */
  record Progressed(
      int participant, String agent, int step, double loss, long bytesUp, long bytesDown)
      implements RunEvent {}

  /**
   * An agent begins to send its contributions in another codec, because its policy lets it choose.
   *
   * @param participant its index
   * @param agent its name
   * @param fragment the fragment whose contribution is the first
   * @param version the version that it contributes to
   * @param codec the codec
   * @param reason why
   */
  record CodecChosen(
      int participant, String agent, int fragment, int version, String codec, String reason)
      implements RunEvent {
    /** What an agent said. */
    static CodecChosen of(int participant, String agent, CodecNotice notice) {
      return new CodecChosen(
          participant, agent, notice.fragment(), notice.version(), notice.codec(), notice.reason());
    }
  }

  /**
   * All of an agent's contribution to a version has arrived.
   *
   * @param participant its index
   * @param fragment the fragment's index
   * @param version the version
   */
  record Contributed(int participant, int fragment, int version) implements RunEvent {}

  /**
   * No version was made for a while; said again as long as none is.
   *
   * @param fragment the fragment whose next version is waited for
   * @param version the version
   * @param seconds since a version was made, of whatever fragment
   * @param agents whose contribution is missing, in the form {@code NAME: WHAT IS KNOWN OF IT}
   */
  record Waiting(int fragment, int version, double seconds, List<String> agents)
      implements RunEvent {
    /** Takes the list as it is now. */
    public Waiting {
      agents = List.copyOf(agents);
    }
  }

  /**
   * The run's thread has been in the middle of one thing for a while; said again as long as it is.
   *
   * @param stage what, such as {@code forcing the journal}
   * @param seconds for how long
   */
  record Blocked(String stage, double seconds) implements RunEvent {}

  /**
   * A version of a fragment was made.
   *
   * @param fragment the fragment's index
   * @param version the version
   * @param checksum of the outer parameters, 8 hexadecimal digits
   * @param participants whose contributions went in
   * @param exclusions who was left out and why
   * @param bytesIn encoded bytes of the contributions
   * @param bytesOut encoded bytes of the change, for each agent
   * @param millis the time that it took to make
   */
  record Committed(
      int fragment,
      int version,
      String checksum,
      List<Integer> participants,
      List<String> exclusions,
      long bytesIn,
      long bytesOut,
      long millis)
      implements RunEvent {}

  /**
   * What the change that led to a version is like, if the setting {@code spectrum.every} asks for
   * it. Comes some time after the version, and not for each.
   *
   * @param fragment the fragment's index
   * @param version the version
   * @param tensors its tensors that have rows, by falling eigenvalue, 64 at most
   * @param millis the time that it took to find out
   */
  record Spectrum(int fragment, int version, List<TensorSpectrum> tensors, long millis)
      implements RunEvent {}

  /**
   * The change of one tensor, or of a part of it, taken as a matrix A.
   *
   * @param tensor its name
   * @param rows of A
   * @param width values in a row
   * @param topEigenvalue the estimate of the largest eigenvalue of {@code AᵀA}
   * @param topShare its share of the sum of all eigenvalues, 0 to 1
   * @param gap how many times the second eigenvalue it is; null if there is no second
   * @param heavyRows rows whose squared length is at least {@code ‖A‖²/(d ln d)}
   * @param moreHeavyRows whether there may be more of them than could be held
   */
  record TensorSpectrum(
      String tensor,
      long rows,
      int width,
      double topEigenvalue,
      double topShare,
      @Nullable Double gap,
      long heavyRows,
      boolean moreHeavyRows) {}

  /**
   * The run is over: every fragment is at its last version and every agent present has confirmed
   * it.
   *
   * @param fingerprint of the outer parameters in the coordinator's own memory
   * @param rounds the number of versions made
   * @param exchangesPerFragment the number of versions of each fragment
   */
  record Finished(String fingerprint, int rounds, List<Integer> exchangesPerFragment)
      implements RunEvent {}
}
