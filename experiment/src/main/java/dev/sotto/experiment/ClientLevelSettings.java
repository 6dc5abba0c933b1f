package dev.sotto.experiment;

import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.federation.clientlevel.UpdateClipping;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.accounting.AccountantChoice;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code privacy.client-level}. What it asks for is complete only with the federation: delta follows from how
 * many clients there are.
 */
final class ClientLevelSettings {
    private final Optional<Epsilon> epsilon;
    private final Optional<Delta> delta;
    private final Optional<NoiseMultiplier> noise;
    private final UpdateClipping clipping;
    private final Optional<NeighbouringRelation> relation;
    private final AccountantChoice accountant;
    private final boolean hardLimit;

    private ClientLevelSettings(Section section) {
        epsilon = section.number("epsilon", Interval.POSITIVE).map(Epsilon::new);
        noise = section.number("noise-multiplier", Interval.POSITIVE).map(NoiseMultiplier::new);
        if (epsilon.isEmpty() && noise.isEmpty()) {
            throw section.error(
                    "give epsilon (noise is calibrated to it), noise-multiplier, or both (epsilon is the limit)");
        }
        delta = section.number("delta", Interval.PROPORTION).map(Delta::new);
        section.choice("clipping", List.of("fixed"), "fixed");
        clipping = new UpdateClipping.Fixed(new ClippingNorm(section.number("clipping-norm", 1.0, Interval.POSITIVE)));
        List<String> relations = Arrays.stream(NeighbouringRelation.values())
                .map(NeighbouringRelation::label)
                .toList();
        relation =
                Optional.ofNullable(section.choice("relation", relations, null)).map(NeighbouringRelation::parse);
        List<String> accountants = Arrays.stream(AccountantChoice.values())
                .map(AccountantChoice::label)
                .toList();
        accountant = AccountantChoice.parse(section.choice("accountant", accountants, AccountantChoice.RDP.label()));
        hardLimit = section.flag("hard-limit", true);
        section.end();
    }

    static ClientLevelSettings read(Section section) {
        return new ClientLevelSettings(section);
    }

    /** What is asked for in a federation of that many clients. */
    ClientLevelPrivacy privacy(int clients) {
        return new ClientLevelPrivacy(
                epsilon, delta.orElseGet(() -> Delta.below(clients)), noise, clipping, relation, accountant, hardLimit);
    }
}
