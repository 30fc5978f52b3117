package io.tributary.agent.split;

import io.tributary.agent.split.SplitConnection.Arrived;
import io.tributary.agent.split.SplitParts.Part;
import io.tributary.codec.UnknownTableException;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.StreamKind;
import io.tributary.run.RunDocuments;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One step of a client: its micro-batches, from their activations to the gradients that come back.
 *
 * <p>All of them may be under way: while one crosses the link, the next is computed. Whatever order
 * the answers come in, gradients are added in the order of the micro-batches. With a server that
 * knows nothing of the step it begins anew, and all gradients so far are forgotten.
 */
final class ClientStep {
  private final SplitTerms terms;
  private final ClientModel model;
  private final CurrentServer server;
  private final int number;
  private final long[][] windows;
  private final SplitClient.@Nullable Outgoing[] underWay;

  /** What was said last of each, to be repeated if it is lost. */
  private final @Nullable Said[] said;

  /** Activations of the last cut, where labels stay. */
  private final @Nullable Arrived[] heads;

  private final @Nullable Arrived[] answers;

  /** Which server this step was begun with. */
  private int begunWith;

  private int sent;
  private int headed;
  private int taken;
  private boolean tableAsked;
  private double loss;
  private int keepAs;
  private @Nullable String refusal;

  private record Said(StreamKind kind, SplitVerb verb, SplitParts parts) {}

  /**
   * A step that hasn't begun.
   *
   * @param number of the step, from 1
   * @param all the windows of all micro-batches
   */
  ClientStep(SplitTerms terms, ClientModel model, CurrentServer server, int number, long[] all) {
    this.terms = terms;
    this.model = model;
    this.server = server;
    this.number = number;
    int count = terms.microBatches();
    windows = new long[count][];
    for (int m = 0; m < count; m++) {
      int length = terms.windowTokens();
      windows[m] = Arrays.copyOfRange(all, m * length, (m + 1) * length);
    }
    underWay = new SplitClient.Outgoing[count];
    said = new Said[count];
    heads = new Arrived[count];
    answers = new Arrived[count];
    begunWith = server.number();
  }

  /** Mean loss a token. */
  double loss() {
    return loss / windows.length;
  }

  /** The server's step as which the state behind this one is to be kept; 0 if it isn't. */
  int keepAs() {
    return keepAs;
  }

  /** Trains; null if the step counts, or why it was refused. */
  @Nullable String run() {
    try {
      while (taken < windows.length) {
        server.await(server::isReady);
        String why = refusal;
        if (begunWith != server.number()) {
          beginAnew();
        } else if (why != null) {
          forget();
          return why;
        } else if (sent < windows.length) {
          send();
        } else if (canGoBack()) {
          goBack();
        } else if (answers[taken] != null) {
          take();
        } else {
          server.await(this::hasNews);
        }
        server.drain();
      }
      model.update(number);
      return null;
    } catch (TributaryException e) {
      if (e.code() != ErrorCode.NON_FINITE) {
        throw e;
      }
      forget();
      if (server.isReady()) {
        server.say(StreamKind.ACTIVATIONS, SplitVerb.REFUSE, number, 0, new SplitParts());
      }
      return String.valueOf(e.getMessage());
    }
  }

  // ---- what is heard while it waits

  /** Gradients, or activations of the last cut. */
  void arrived(SplitVerb verb, Arrived message) {
    int index = message.header().fragment();
    if (message.header().version() != number || index >= windows.length) {
      return; // of a step that is over
    }
    if (verb == SplitVerb.LEARN) {
      answers[index] = message;
    } else if (index >= headed) {
      heads[index] = message;
    }
  }

  /** The server refuses a step. */
  void refused(int which, String why) {
    if (which == number) {
      refusal = why;
    }
  }

  /** The table of the last cut that was asked for is here. */
  void tableCame() {
    tableAsked = false;
  }

  /** The same server is back: what it hasn't answered on the last link, it answers now. */
  void rejoined() {
    tableAsked = false;
    if (begunWith == server.number()) {
      for (int m = 0; m < sent; m++) {
        if (answers[m] == null) {
          transmit(m);
        }
      }
    }
  }

  private boolean hasNews() {
    return !server.isReady()
        || begunWith != server.number()
        || refusal != null
        || canGoBack()
        || answers[taken] != null;
  }

  // ---- a micro-batch

  private void send() {
    SplitClient.Outgoing out = model.bottom().send(windows[sent], terms.context(), samples(sent));
    underWay[sent] = out;
    SplitParts parts =
        new SplitParts().with(Part.VALUES, out.message()).with(Part.TABLE, out.table());
    if (!model.hasHead()) {
      parts.with(Part.WINDOWS, tokens(windows[sent]));
    }
    said[sent] = new Said(StreamKind.ACTIVATIONS, SplitVerb.LEARN, parts);
    transmit(sent);
    sent++;
  }

  private int[] samples(int index) {
    var samples = new int[terms.batch()];
    int first = ((number - 1) * terms.microBatches() + index) * terms.batch();
    Arrays.setAll(samples, w -> first + w);
    return samples;
  }

  private boolean canGoBack() {
    return headed < windows.length && heads[headed] != null && !tableAsked;
  }

  /** Learns from activations of the last cut, and sends their gradients. */
  private void goBack() {
    SplitParts activations = Objects.requireNonNull(heads[headed]).parts();
    byte[] table = activations.get(Part.TABLE);
    if (table != null) {
      model.head().table(table);
    }
    SplitServer.Answer learned;
    try {
      learned =
          model.head().learn(activations.require(Part.VALUES), windows[headed], terms.context());
    } catch (UnknownTableException e) {
      tableAsked = true;
      server.say(
          StreamKind.CUT_GRADIENTS,
          SplitVerb.TABLE,
          number,
          headed,
          new SplitParts().with(Part.TABLE, model.head().request(e.version())));
      return;
    }
    loss += learned.loss();
    said[headed] =
        new Said(
            StreamKind.CUT_GRADIENTS,
            SplitVerb.HEAD,
            new SplitParts()
                .with(Part.VALUES, learned.message())
                .with(Part.DOCUMENT, RunDocuments.toBytes(new SplitOutcome(learned.loss(), 0, 0))));
    transmit(headed);
    headed++;
  }

  private void take() {
    SplitParts answer = Objects.requireNonNull(answers[taken]).parts();
    SplitClient.Outgoing out = Objects.requireNonNull(underWay[taken]);
    model.bottom().receive(out.rows(), answer.require(Part.VALUES));
    underWay[taken] = null;
    taken++;
    SplitOutcome outcome =
        RunDocuments.fromBytes(answer.require(Part.DOCUMENT), SplitOutcome.class);
    keepAs = outcome.keepAs();
    if (!model.hasHead()) {
      loss += outcome.loss();
    }
  }

  private void transmit(int index) {
    Said what = said[index];
    if (what != null) {
      server.say(what.kind(), what.verb(), number, index, what.parts());
    }
  }

  private void beginAnew() {
    forget();
    begunWith = server.number();
    Arrays.fill(said, null);
    Arrays.fill(heads, null);
    Arrays.fill(answers, null);
    sent = 0;
    headed = 0;
    taken = 0;
    loss = 0;
    keepAs = 0;
    tableAsked = false;
    refusal = null;
  }

  /** Gives up all micro-batches, and the gradients so far. */
  void forget() {
    for (int m = 0; m < underWay.length; m++) {
      SplitClient.Outgoing out = underWay[m];
      if (out != null) {
        model.bottom().abandon(out.rows());
        underWay[m] = null;
      }
    }
    model.refuse();
  }

  /** Windows as they travel. */
  static byte[] tokens(long[] windows) {
    var bytes = new byte[windows.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) windows[i];
    }
    return bytes;
  }
}
