package io.tributary.coordinator.journal;

import io.tributary.run.RunManifest;
import java.util.List;

/** What a run's journal says, one record at a time. */
public sealed interface RunRecord {
  /**
   * The first record of every segment: all that is needed from the segments before it, so that they
   * can go.
   *
   * @param manifest the run
   * @param members the agents' names by participant index
   * @param committed the committed version of each fragment
   * @param checksums the checksum of each fragment's outer parameters at that version
   */
  record Snapshot(
      RunManifest manifest, List<String> members, List<Integer> committed, List<Integer> checksums)
      implements RunRecord {
    /** Copies the lists. */
    public Snapshot {
      members = List.copyOf(members);
      committed = List.copyOf(committed);
      checksums = List.copyOf(checksums);
    }
  }

  /**
   * An agent took a place in the run.
   *
   * @param participant its index, the next free one
   * @param agent its name
   */
  record Member(int participant, String agent) implements RunRecord {}

  /**
   * One encoded chunk of a contribution, as it came.
   *
   * @param participant whose
   * @param fragment of which fragment
   * @param version of which version
   * @param index the chunk's index in its contribution
   * @param tensor the tensor's index in the model
   * @param first the first element within the tensor
   * @param count the number of elements
   * @param codec the codec's number
   * @param codecVersion the codec's format version
   * @param payload where the record lies; the encoded bytes begin {@link
   *     RunJournal#CHUNK_HEADER_BYTES} into its payload
   */
  record Chunk(
      int participant,
      int fragment,
      int version,
      int index,
      int tensor,
      int first,
      int count,
      int codec,
      int codecVersion,
      Journal.Position payload)
      implements RunRecord {}

  /**
   * All chunks of a contribution are in the journal.
   *
   * @param participant whose
   * @param fragment of which fragment
   * @param version of which version
   * @param chunks how many
   * @param tokens the number of tokens it was trained on
   */
  record Contribution(int participant, int fragment, int version, int chunks, long tokens)
      implements RunRecord {}

  /**
   * The run is over: every fragment is at its last version, and the agents have confirmed it.
   *
   * @param fingerprint of the outer parameters
   */
  record End(String fingerprint) implements RunRecord {}

  /**
   * A version is made: its change is durable, its state can be had from the last one that was
   * written and the journal, and from here on it is the fragment's value.
   *
   * @param fragment of which fragment
   * @param version the version
   * @param checksum of the outer parameters
   * @param participants whose contributions went in, in the order of the sum
   * @param exclusions who was left out and why, in the form {@code NAME: REASON}
   */
  record Commit(
      int fragment, int version, int checksum, List<Integer> participants, List<String> exclusions)
      implements RunRecord {
    /** Copies the lists. */
    public Commit {
      participants = List.copyOf(participants);
      exclusions = List.copyOf(exclusions);
    }
  }
}
