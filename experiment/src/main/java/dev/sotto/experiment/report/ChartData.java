package dev.sotto.experiment.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** Charts as the page's script reads them. */
final class ChartData {
    private ChartData() {}

    /** A JSON array that can stand in a script element: no character in it can end the element. */
    static String script(List<LineChart> charts) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        charts.forEach(chart -> all.add(node(chart)));
        return all.toString()
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    private static ObjectNode node(LineChart chart) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        Scale scale = chart.scale();
        node.put("id", chart.id()).put("unit", chart.unit().name().toLowerCase(Locale.ROOT));
        node.put("min", scale.min()).put("max", scale.max());
        ArrayNode ticks = node.putArray("ticks");
        ArrayNode labels = node.putArray("labels");
        for (double tick : scale.ticks()) {
            ticks.add(tick);
            labels.add(chart.label(tick, scale));
        }
        ArrayNode rounds = node.putArray("rounds");
        for (int round : chart.rounds()) {
            rounds.add(round);
        }
        ArrayNode series = node.putArray("series");
        for (int i = 0; i < chart.series().size(); i++) {
            Series line = chart.series().get(i);
            ObjectNode each = series.addObject().put("name", line.name()).put("colour", line.colour(i));
            each.put("stroke", line.stroke().name().toLowerCase(Locale.ROOT));
            ArrayNode values = each.putArray("values");
            for (double value : line.values()) {
                if (Double.isFinite(value)) {
                    values.add(value);
                } else {
                    values.addNull();
                }
            }
        }
        return node;
    }
}
