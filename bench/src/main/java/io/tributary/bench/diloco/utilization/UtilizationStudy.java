package io.tributary.bench.diloco.utilization;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tributary.codec.Backend;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.run.RunSettings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The study {@code table4}: published bandwidths beside simulated ones, then the utilization that
 * the codecs of this build reach on thin links.
 */
public final class UtilizationStudy {
  /**
   * The interval and the delay of the part on thin links; the delay is the paper's advised most.
   */
  private static final int LINK_DELAY = 5;

  private static final List<Integer> LINKS_MBIT = List.of(10, 20, 50, 100, 200, 500, 1000);
  private static final List<Integer> QUICK_LINKS_MBIT = List.of(10, 100, 1000);

  /** About one step of the published grid, and the rounding of its smallest cells. */
  private static final double TOLERANCE = 0.25;

  private static final int MOST_ROUNDED_CELLS_GBIT = 3;

  private UtilizationStudy() {}

  /**
   * One cell of the published table.
   *
   * @param model the model
   * @param method the method
   * @param utilisation the share of time that is to be spent computing
   * @param published the bandwidth that the paper gives, in Gbit/s
   * @param simulated the bandwidth that the simulation finds on the same grid
   */
  public record Row(
      String model,
      String method,
      double utilisation,
      @JsonProperty("published_gbit") double published,
      @JsonProperty("simulated_gbit") double simulated) {
    /** How far the simulated bandwidth lies from the published one, as a share of the latter. */
    double difference() {
      return Math.abs(simulated / published - 1);
    }
  }

  /**
   * A cell that isn't on the published step of the grid.
   *
   * @param model the model
   * @param method the method
   * @param utilisation the column
   * @param percent the difference in percent of the published bandwidth
   * @param reason what is likely to cause it
   */
  public record Deviation(
      String model, String method, double utilisation, double percent, String reason) {}

  /**
   * The utilization of one codec on one link.
   *
   * @param model the model
   * @param codec the codec, in both directions
   * @param bits bits a parameter, each way
   * @param link the link's speed in Mbit/s, each way
   * @param utilisation the share of time spent computing, H = 100 and tau = 5
   */
  public record LinkRow(
      String model,
      String codec,
      double bits,
      @JsonProperty("link_mbit") int link,
      double utilisation) {}

  /**
   * All that the study yields.
   *
   * @param rows the cells of the published table
   * @param within25Percent how many cells lie within a quarter of the published bandwidth
   * @param deviations the cells that lie on another step of the grid
   * @param links the same for the codecs of this build on thin links
   */
  public record Figures(
      List<Row> rows,
      @JsonProperty("within_25_percent") int within25Percent,
      List<Deviation> deviations,
      List<LinkRow> links) {
    /** Copies the lists. */
    public Figures {
      rows = List.copyOf(rows);
      deviations = List.copyOf(deviations);
      links = List.copyOf(links);
    }
  }

  /** Runs the study and prints its tables; {@code quick} takes fewer links. */
  public static Figures run(boolean quick, PrintWriter out) {
    List<Row> rows = publishedRows();
    int within = (int) rows.stream().filter(r -> r.difference() <= TOLERANCE).count();
    var deviations = new ArrayList<Deviation>();
    for (Row row : rows) {
      String reason = reasonFor(row);
      if (!reason.isEmpty()) {
        double percent = 100 * (row.simulated() / row.published() - 1);
        deviations.add(
            new Deviation(row.model(), row.method(), row.utilisation(), percent, reason));
      }
    }
    var figures =
        new Figures(rows, within, deviations, linkRows(quick ? QUICK_LINKS_MBIT : LINKS_MBIT));
    print(figures, out);
    return figures;
  }

  static List<Row> publishedRows() {
    var rows = new ArrayList<Row>();
    for (SimulatedModel model : SimulatedModel.PUBLISHED) {
      int index = 0;
      for (SimulatedMethod method : SimulatedMethod.values()) {
        double[] published = PublishedTable.row(model, index++);
        var timeline = new LayerwiseTimeline(model, method);
        for (int column = 0; column < published.length; column++) {
          double utilization = PublishedTable.UTILIZATIONS.get(column);
          rows.add(
              new Row(
                  model.name(),
                  method.title(),
                  utilization,
                  published[column],
                  timeline.bandwidthFor(utilization)));
        }
      }
    }
    return rows;
  }

  /** Why a cell lies on another step than the published one; empty if it lies on the same. */
  private static String reasonFor(Row row) {
    double printedDigit = 0.1 / row.published();
    if (row.difference()
        <= Math.max(0.02, row.published() <= MOST_ROUNDED_CELLS_GBIT ? printedDigit : 0)) {
      return "";
    }
    if (row.method().equals(SimulatedMethod.DATA_PARALLEL.title())) {
      return "only the tail of the last layers' transfer is left to hide: its length depends on how"
          + " evenly parameters lie in the layers, which the paper doesn't say";
    }
    return "the paper doesn't say at which layer an overlapped fragment is waited for; here it is"
        + " its own first layer one step later, and the required bandwidth lies next to a step of"
        + " the grid";
  }

  private static List<LinkRow> linkRows(List<Integer> links) {
    CodecRegistry codecs = CodecRegistry.load();
    int elements = RunSettings.CHUNK_ELEMENTS.get();
    var rows = new ArrayList<LinkRow>();
    for (SimulatedModel model :
        Stream.concat(SimulatedModel.EDGE.stream(), SimulatedModel.PUBLISHED.stream()).toList()) {
      var timeline = new StarTimeline(model, LayerwiseTimeline.INTERVAL, LINK_DELAY);
      for (CodecProvider provider : codecs.providers()) {
        TensorCodec codec = provider.create(Backend.SCALAR, "");
        double bits = codec.bitsPerElement(elements);
        for (int mbit : links) {
          rows.add(
              new LinkRow(
                  model.name(),
                  provider.id().name(),
                  bits,
                  mbit,
                  timeline.utilization(bits, bits, mbit * 1e6)));
        }
      }
    }
    return rows;
  }

  private static void print(Figures figures, PrintWriter out) {
    out.println("Gbit/s for a compute utilisation, published / simulated (H = 100):");
    int columns = PublishedTable.UTILIZATIONS.size();
    out.printf(Locale.ROOT, "%-5s %-25s", "model", "method");
    PublishedTable.UTILIZATIONS.forEach(u -> out.printf(Locale.ROOT, "%16.0f %%", 100 * u));
    out.println();
    for (int at = 0; at < figures.rows().size(); at += columns) {
      List<Row> cells = figures.rows().subList(at, at + columns);
      out.printf(Locale.ROOT, "%-5s %-25s", cells.get(0).model(), cells.get(0).method());
      for (Row cell : cells) {
        out.printf(Locale.ROOT, "%9.1f /%7.1f", cell.published(), cell.simulated());
      }
      out.println();
    }
    out.printf(
        Locale.ROOT,
        "%d of %d cells within 25 %%; on another step of the grid:%n",
        figures.within25Percent(),
        figures.rows().size());
    for (Deviation cell : figures.deviations()) {
      out.printf(
          Locale.ROOT,
          "  %s %s %.0f %%: %+.0f %%; %s%n",
          cell.model(),
          cell.method(),
          100 * cell.utilisation(),
          cell.percent(),
          cell.reason());
    }
    out.println();
    out.println("compute utilisation of this build's codecs in both directions, H = 100, tau = 5:");
    int links = (int) figures.links().stream().map(LinkRow::link).distinct().count();
    for (int at = 0; at < figures.links().size(); at += links) {
      List<LinkRow> cells = figures.links().subList(at, at + links);
      LinkRow first = cells.get(0);
      out.printf(Locale.ROOT, "%-5s %-10s %6.2f bit", first.model(), first.codec(), first.bits());
      for (LinkRow cell : cells) {
        out.printf(Locale.ROOT, "  %4d Mbit/s %5.1f %%", cell.link(), 100 * cell.utilisation());
      }
      out.println();
    }
  }
}
