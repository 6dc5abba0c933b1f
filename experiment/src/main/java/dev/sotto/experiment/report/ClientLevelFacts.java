package dev.sotto.experiment.report;

import dev.sotto.experiment.run.ClientLevelGuarantee;
import dev.sotto.experiment.run.PrivacyStatement;
import dev.sotto.experiment.run.UnitGuarantee;
import dev.sotto.experiment.run.UpdateMechanism;
import dev.sotto.privacy.PrivacyUnit;
import java.util.List;

/** What client-level privacy promises, to whom, and how it was done. */
final class ClientLevelFacts {
    private final UnitGuarantee level;
    private final ClientLevelGuarantee own;
    private final UpdateMechanism mechanism;
    private final Markup page;

    ClientLevelFacts(PrivacyStatement statement, Markup page) {
        this.level = statement.level(PrivacyUnit.CLIENT).orElseThrow();
        this.own = statement.clientLevel().orElseThrow();
        this.mechanism = own.mechanism();
        this.page = page;
    }

    void write() {
        page.element(
                "p",
                Meaning.of(
                        level,
                        "There is a limit to how well somebody who sees every model of the run, and knows what all other"
                                + " clients hold, can tell whether any one client took part, with everything it holds"));
        if (own.pastLimit()) {
            page.notice("The target of epsilon " + Figures.number(own.limit().getAsDouble())
                    + " was passed: the limit was not a hard one, so all planned rounds ran.");
        }
        if (mechanism.noiseless()) {
            page.notice("No noise was added: updates were clipped, and nobody is protected.");
        }
        if (level.epsilon().isPresent()) {
            audiences();
        }
        facts();
    }

    /** Secret cohorts are part of the protection, so the figure depends on who is looking. */
    private void audiences() {
        Audiences audiences = new Audiences(own.delta(), page).begin(level.unit());
        if (mechanism.amplified()) {
            audiences.row("Those who never learn which clients a round drew", own.epsilon());
            audiences.row(
                    "Those who learn it, as the coordinator does"
                            + (mechanism.noise().equals("coordinator")
                                    ? ", which is trusted: it sees updates before the noise"
                                    : ""),
                    own.epsilonKnowingCohorts());
        } else {
            audiences.row("Everybody, also those who know which clients a round asked", own.epsilon());
        }
        audiences.end();
    }

    private void facts() {
        page.open("dl", "class", "facts");
        page.fact("Unit", "one client, with everything it holds");
        page.fact("Neighbours", own.relation());
        page.fact(
                "Accountant",
                own.accountant()
                        + (own.order().isPresent()
                                ? ", R\u00e9nyi order "
                                        + Figures.number(own.order().getAsDouble())
                                : ""));
        page.fact("Noise multiplier", Figures.number(mechanism.noiseMultiplier()));
        page.fact("Noise", noise());
        page.fact("Clipping", clipping());
        mechanism
                .maxWeight()
                .ifPresent(most -> page.fact("Weights", "by examples, the same from " + Figures.count(most) + " on"));
        page.fact("Cohort", cohort());
        page.fact(
                "Rounds",
                own.releasedRounds() + (own.releasedRounds() == own.plannedRounds() ? "" : " of " + own.plannedRounds())
                        + " released");
        page.close();
    }

    private String noise() {
        if (mechanism.noiseless()) {
            return "none: updates are clipped only";
        }
        String where =
                switch (mechanism.noise()) {
                    case "clients" -> "in shares at the clients";
                    case "local" -> "at each client, before its update leaves it";
                    default -> "at the coordinator, once to the sum";
                };
        String share = mechanism.shareStddev().isPresent() && mechanism.noise().equals("clients")
                ? ", of " + Figures.number(mechanism.shareStddev().getAsDouble()) + " each"
                : "";
        return mechanism.distribution().replace("gaussian", "Gaussian").replace('-', ' ') + ", " + where + ", std "
                + Figures.number(mechanism.noiseStddev()) + share + (mechanism.adaptive() ? " in round 1" : "")
                + mechanism
                        .correlation()
                        .map(kind -> " before it is correlated over the rounds (" + kind + ")")
                        .orElse("");
    }

    private String clipping() {
        String norm = Figures.number(mechanism.clippingNorm());
        if (mechanism.adaptive()) {
            return "adaptive, from norm " + norm + " towards the "
                    + Figures.number(100 * mechanism.targetQuantile().getAsDouble()) + "% quantile of the norms";
        }
        List<String> layers =
                mechanism.layerNorms().stream().map(Figures::number).toList();
        return mechanism.clipping() + ", norm " + norm
                + (layers.isEmpty() ? "" : ", of the layers " + String.join(", ", layers));
    }

    private String cohort() {
        String population = Figures.counted(mechanism.population(), "client");
        String expected = Figures.number(mechanism.expectedCohort()) + " expected";
        if (mechanism.separation().isPresent()) {
            return expected + " of " + population + ", each in one of "
                    + mechanism.separation().getAsInt() + " rounds at most";
        }
        return switch (mechanism.sampling()) {
            case "poisson" ->
                "each of " + population + " with probability "
                        + Figures.number(mechanism.samplingRate().orElseThrow()) + ", " + expected;
            case "fixed-size" -> Figures.number(mechanism.expectedCohort()) + " of " + population + ", at random";
            default -> expected + " of " + population + ", taken as known";
        };
    }
}
