package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.owner.ledger.Standing;
import dev.sotto.owner.ledger.Standing.OfSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Where data sets stand, for people and for programs. */
final class LedgerText {
    private LedgerText() {}

    static String lines(List<Standing> standings) {
        if (standings.isEmpty()) {
            return "no data set is declared yet";
        }
        List<String> lines = new ArrayList<>();
        for (Standing standing : standings) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.add(standing.dataSet() + others(standing));
            lines.add("  spent     epsilon " + words(standing.epsilon()) + " at delta "
                    + Console.delta(standing.delta().value()));
            lines.add("  enforced  " + limit(standing));
            for (OfSession session : standing.sessions()) {
                lines.add(String.format(
                        Locale.ROOT,
                        "  %-9s epsilon %s by session %s of %s: %d reserved, %d released%s",
                        "",
                        words(session.epsilon()),
                        session.key().session(),
                        session.key().coordinator(),
                        session.reserved(),
                        session.committed(),
                        session.reproducible() ? ", from a test seed: not private" : ""));
            }
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static String others(Standing standing) {
        List<String> others = standing.sharing().stream()
                .filter(id -> !id.equals(standing.dataSet()))
                .toList();
        return others.isEmpty() ? "" : ", counted together with " + String.join(", ", others);
    }

    private static String limit(Standing standing) {
        return standing.limit()
                .map(limit -> "epsilon " + words(standing.enforced()) + " of at most "
                        + Console.epsilon(limit.epsilon().value())
                        + (standing.order().isPresent()
                                ? ", at Renyi order " + standing.order().getAsDouble()
                                : ""))
                .orElse("no limit in all");
    }

    private static String words(OptionalDouble epsilon) {
        return epsilon.isPresent() ? Console.epsilon(epsilon.getAsDouble()) : "without bound";
    }

    static ObjectNode json(List<Standing> standings) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        ArrayNode sets = all.putArray("dataSets");
        for (Standing standing : standings) {
            ObjectNode set = sets.addObject().put("id", standing.dataSet());
            standing.sharing().forEach(set.putArray("countedTogether")::add);
            number(set, "epsilon", standing.epsilon());
            set.put("delta", standing.delta().value());
            number(set, "enforcedEpsilon", standing.enforced());
            number(set, "order", standing.order());
            set.put(
                    "limit",
                    standing.limit().map(limit -> limit.epsilon().value()).orElse(null));
            ArrayNode sessions = set.putArray("sessions");
            for (OfSession session : standing.sessions()) {
                ObjectNode own = sessions.addObject()
                        .put("coordinator", session.key().coordinator())
                        .put("session", session.key().session());
                number(own, "epsilon", session.epsilon());
                own.put("reserved", session.reserved())
                        .put("released", session.committed())
                        .put("reproducible", session.reproducible());
            }
        }
        return all;
    }

    private static void number(ObjectNode node, String key, OptionalDouble value) {
        node.put(key, value.isPresent() ? (Double) value.getAsDouble() : null);
    }
}
