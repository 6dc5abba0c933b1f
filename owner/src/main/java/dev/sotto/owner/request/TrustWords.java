package dev.sotto.owner.request;

import dev.sotto.federation.clientlevel.ClientLevelPlan;
import dev.sotto.federation.clientlevel.UpdateNoise;
import dev.sotto.owner.request.RequestWords.Line;
import dev.sotto.owner.request.RequestWords.Part;
import dev.sotto.owner.request.RequestWords.Sentence;
import dev.sotto.privacy.NeighbouringRelation;
import java.util.ArrayList;
import java.util.List;

/** What is assumed about others, and what no epsilon speaks of. */
final class TrustWords {
    private TrustWords() {}

    static Part of(Asked asked) {
        List<Line> lines = new ArrayList<>();
        asked.agreed().privacy().ifPresent(own -> {
            say(
                    lines,
                    "About each record nothing is assumed of others: its figure holds against the coordinator and all"
                            + " participants together, whatever they know and compute.");
            if (own.plan().relation() != NeighbouringRelation.ADD_OR_REMOVE_ONE) {
                say(lines, "How many records you have is taken as public.");
            }
            say(lines, "One record is protected. A person with ten records here is protected about ten times less.");
        });
        asked.agreed().clientLevel().ifPresent(own -> say(lines, clients(own)));
        if (lines.isEmpty()) {
            say(
                    lines,
                    "Everybody who sees an update or the model is trusted with what can be worked out from it: the"
                            + " coordinator, and whoever it shows the model to.");
        }
        say(
                lines,
                "Not hidden: that you take part, and what the model finds out about everybody, such as that smoking"
                        + " harms.");
        return new Part("What is assumed of others", lines);
    }

    private static void say(List<Line> lines, String sentence) {
        lines.add(new Sentence(sentence));
    }

    private static String clients(ClientLevelPlan plan) {
        String drawn = plan.amplifies()
                ? " It counts on nobody else learning in which rounds you were drawn; the coordinator does learn it."
                : "";
        UpdateNoise noise = plan.asked().noise();
        if (noise instanceof UpdateNoise.Local) {
            return "About you as a whole nothing is assumed of others: the noise is on your update before it leaves."
                    + drawn;
        }
        if (noise instanceof UpdateNoise.AtClients shares) {
            return "About you as a whole: at least " + (plan.minClients() - shares.colluders())
                    + " participants, you among them, must add their shares of noise and tell them to nobody, and the"
                    + " coordinator must look at the sum alone. It could look at your update, which a single share hardly"
                    + " hides." + drawn;
        }
        return "About you as a whole: the coordinator is trusted. It sees your update as it is, must add the noise it"
                + " says, and show nobody anything but the noised model. The figure holds against those who see the"
                + " model, not against the coordinator." + drawn;
    }
}
