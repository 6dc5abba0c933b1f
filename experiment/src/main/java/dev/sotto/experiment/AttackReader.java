package dev.sotto.experiment;

import dev.sotto.experiment.attack.Attack;
import dev.sotto.experiment.attack.LabelFlip;
import dev.sotto.experiment.attack.Scaling;
import dev.sotto.experiment.attack.SignFlip;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import java.util.ArrayList;
import java.util.List;

/** Reads the section {@code simulate}, which has a meaning in simulations only: who attacks, and how. */
final class AttackReader {
    private AttackReader() {}

    /** The clients, the last of them malicious if the section says so. */
    static List<ClientData> read(Section simulate, List<ClientData> clients) {
        if (!simulate.has("attackers")) {
            simulate.end();
            return clients;
        }
        Section attackers = simulate.section("attackers");
        int count = attackers.integer("clients", 1, 0, clients.size() - 1);
        Attack attack = attack(attackers);
        attackers.end();
        simulate.end();
        List<ClientData> all = new ArrayList<>(clients);
        for (int i = all.size() - count; i < all.size(); i++) {
            all.set(i, all.get(i).attacking(attack));
        }
        return List.copyOf(all);
    }

    private static Attack attack(Section attackers) {
        String kind = attackers.choice("kind", List.of("sign-flip", "scaling", "label-flip"), "sign-flip");
        return switch (kind) {
            case "scaling" -> new Scaling(attackers.number("factor", 10, Interval.POSITIVE));
            case "label-flip" -> new LabelFlip();
            default -> new SignFlip(attackers.number("factor", 1, Interval.POSITIVE));
        };
    }
}
