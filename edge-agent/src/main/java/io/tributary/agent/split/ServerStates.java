package io.tributary.agent.split;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The states that a server keeps: its part of the model, and what it knows of each client as of the
 * end of that client's turn.
 *
 * <p>Belongs to one thread at a time.
 */
final class ServerStates implements AutoCloseable {
  private final SplitStates states;
  private final SplitTerms terms;
  private final int every;

  /**
   * What was known of a client.
   *
   * @param place its place
   * @param counted its last step that had been counted
   * @param end the state of the server's end for it
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes of a file: equality is of no interest
  record KeptClient(int place, int counted, byte[] end) {
    /** Gives a new end that state. */
    void restore(ServedEnd into) {
      try {
        into.restore(new DataInputStream(new ByteArrayInputStream(end)));
      } catch (IOException e) {
        throw new UncheckedIOException(e); // an array that is too short
      }
    }
  }

  /**
   * Opens a folder.
   *
   * @param every steps between two states that are kept
   * @throws io.tributary.error.TributaryException {@code STORAGE} if it can't be used, {@code
   *     OTHER_RUN} if it is one of other terms
   */
  ServerStates(Path folder, SplitTerms terms, int every) {
    states = new SplitStates(folder);
    this.terms = terms;
    this.every = every;
    try {
      states.check(terms);
    } catch (RuntimeException e) {
      states.close();
      throw e;
    }
  }

  List<KeptState> all() {
    return states.all();
  }

  /** Whether the state behind a step is to be kept. */
  boolean isDue(int step) {
    return step % every == 0 || step == terms.steps();
  }

  /** Remembers an end as it is now, between two steps of its client. */
  static byte[] bytes(ServedEnd end) {
    var bytes = new ByteArrayOutputStream();
    try {
      end.save(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory doesn't fail
    }
    return bytes.toByteArray();
  }

  /** Keeps the state of now. */
  void keep(KeptState state, ServerModel model, Collection<ServedClient> clients) {
    states.keep(
        state,
        terms,
        out -> {
          model.part().saveState(out);
          List<ServedClient> known = clients.stream().filter(c -> !c.underWay()).toList();
          out.writeInt(known.size());
          for (ServedClient client : known) {
            out.writeUTF(client.peer().name());
            out.writeInt(client.place());
            out.writeInt(client.counted());
            SplitStates.writeBytes(out, client.endOfTurn());
          }
        });
    clients.forEach(ServedClient::forgetEndOfTurn);
  }

  /** Restores the part of the model; returns the clients by name. */
  Map<String, KeptClient> goBackTo(KeptState state, ServerModel model) {
    return states.goBackTo(
        state,
        in -> {
          model.part().restoreState(in);
          int count = in.readInt();
          var clients = new HashMap<String, KeptClient>();
          for (int i = 0; i < count; i++) {
            String name = in.readUTF();
            clients.put(
                name, new KeptClient(in.readInt(), in.readInt(), SplitStates.readBytes(in)));
          }
          return clients;
        });
  }

  @Override
  public void close() {
    states.close();
  }
}
