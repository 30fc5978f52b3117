package io.tributary.coordinator.page;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.coordinator.Gauge;
import java.util.List;

/** A coordinator's gauges for machines to read. */
enum GaugeTexts {
  /** One object with a member for each gauge. */
  JSON("application/json; charset=utf-8") {
    @Override
    String of(List<Gauge> gauges) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      gauges.forEach(gauge -> object.put(gauge.name(), gauge.value()));
      return object + "\n";
    }
  },

  /** Prometheus' text format 0.0.4, names beginning with {@code tributary_}. */
  PROMETHEUS("text/plain; version=0.0.4; charset=utf-8") {
    @Override
    String of(List<Gauge> gauges) {
      var text = new StringBuilder();
      for (Gauge gauge : gauges) {
        String name = "tributary_" + gauge.name();
        text.append("# HELP ").append(name).append(' ').append(gauge.sentence()).append('\n');
        text.append("# TYPE ").append(name).append(" gauge\n");
        text.append(name).append(' ').append(gauge.value()).append('\n');
      }
      return text.toString();
    }
  };

  private final String type;

  GaugeTexts(String type) {
    this.type = type;
  }

  /** The media type. */
  String type() {
    return type;
  }

  /** The text of gauges. */
  abstract String of(List<Gauge> gauges);
}
