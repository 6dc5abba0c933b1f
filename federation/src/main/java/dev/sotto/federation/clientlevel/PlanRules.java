package dev.sotto.federation.clientlevel;

import dev.sotto.federation.clientlevel.ClientSampling.FixedSize;
import dev.sotto.federation.clientlevel.ClientSampling.Known;
import dev.sotto.federation.clientlevel.ClientSampling.Poisson;
import dev.sotto.federation.clientlevel.UpdateNoise.AtClients;
import dev.sotto.federation.clientlevel.UpdateNoise.AtCoordinator;
import dev.sotto.federation.clientlevel.UpdateNoise.Correlated;
import dev.sotto.federation.clientlevel.UpdateNoise.Local;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.accounting.AccountantChoice;

/**
 * Which parts of client-level privacy go together. A combination is either proven or refused, in one line that names the key;
 * there is none that merely runs.
 */
final class PlanRules {
    private static final String SECTION = "privacy.client-level.";

    private PlanRules() {}

    static boolean discrete(ClientLevelPrivacy asked) {
        return asked.noise() instanceof AtCoordinator own && own.distribution() == NoiseDistribution.DISCRETE_GAUSSIAN;
    }

    /**
     * Whether the guarantee counts on nobody knowing who was drawn. It cannot under local privacy, where each update arrives
     * under its sender's name, nor with shares of noise under Poisson sampling, where the noise tells how many took part.
     */
    static boolean amplifies(ClientLevelPrivacy asked, ClientSampling sampling) {
        boolean hidden = !(asked.noise() instanceof Local)
                && !(asked.noise() instanceof AtClients && sampling instanceof Poisson);
        return hidden && sampling.amplifies();
    }

    /** The relation asked for, or the one that suits; refused where nothing is proven. */
    static NeighbouringRelation relation(ClientLevelPrivacy asked, ClientSampling sampling) {
        NeighbouringRelation usual = usual(asked, sampling);
        NeighbouringRelation relation = asked.relation().orElse(usual);
        if (relation == usual) {
            return relation;
        }
        if (asked.noise() instanceof Local) {
            throw refused(
                    "relation", relation.label(), "under local privacy any two updates are neighbours: replace-one");
        }
        if (relation == NeighbouringRelation.ADD_OR_REMOVE_ONE) {
            throw refused(
                    "relation",
                    relation.label(),
                    asked.noise() instanceof AtClients
                            ? "with noise at the clients its size tells how many took part: zero-out or replace-one"
                            : "it needs cohort.rate; where the number of clients asked is public: zero-out or"
                                    + " replace-one");
        }
        if (relation == NeighbouringRelation.REPLACE_ONE && sampling instanceof Poisson && discrete(asked)) {
            throw refused(
                    "relation", relation.label(), "with discrete noise and cohort.rate: add-or-remove-one or zero-out");
        }
        return relation;
    }

    private static NeighbouringRelation usual(ClientLevelPrivacy asked, ClientSampling sampling) {
        if (asked.noise() instanceof Local) {
            return NeighbouringRelation.REPLACE_ONE;
        }
        boolean shares = asked.noise() instanceof AtClients && sampling instanceof Poisson;
        return shares ? NeighbouringRelation.ZERO_OUT : sampling.relation();
    }

    /** Rounds between two in which one client takes part, where noise is correlated. */
    static int separation(ClientLevelPrivacy asked, ClientSampling sampling) {
        if (sampling instanceof Known known) {
            return known.separation();
        }
        if (sampling instanceof FixedSize fixed && !fixed.amplifies()) {
            return 1;
        }
        throw new IllegalArgumentException(SECTION
                + "correlation: correlated noise is not amplified by sampling; ask everyone, or set"
                + " cohort.min-separation");
    }

    /** Refuses what is not proven. */
    static void check(ClientLevelPrivacy asked, NoiseMultiplier noise, ClientSampling sampling, int minClients) {
        NeighbouringRelation relation = relation(asked, sampling);
        double norm = asked.clipping().initialNorm();
        if (norm < UpdateBound.SMALLEST_NORM || norm > UpdateBound.LARGEST_NORM) {
            throw refused(
                    "clipping-norm", norm, "from " + UpdateBound.SMALLEST_NORM + " to " + UpdateBound.LARGEST_NORM);
        }
        if (discrete(asked) && asked.accountant() == AccountantChoice.PLD) {
            throw refused("accountant", "pld", "with discrete noise on a vector: rdp or tightest");
        }
        if (asked.epsilon().isPresent() && noise.value() == 0) {
            throw refused("noise-multiplier", 0, "where epsilon is a limit: above 0");
        }
        if (asked.clipping() instanceof UpdateClipping.Adaptive adaptive) {
            checkAdaptive(asked, adaptive, noise.value(), sampling.expectedClients(), relation);
        }
        if (asked.noise() instanceof AtClients shares && minClients <= shares.colluders()) {
            throw new IllegalArgumentException("cohort.min-clients: " + minClients
                    + "; with noise at the clients it must be above the " + shares.colluders()
                    + " colluders, because shares of the noise are worked out from it");
        }
        if (asked.noise() instanceof Local && minClients < 1) {
            throw new IllegalArgumentException(
                    "cohort.min-clients: 0; under local privacy it must be at least 1, as an empty sum holds no noise");
        }
    }

    private static void checkAdaptive(
            ClientLevelPrivacy asked,
            UpdateClipping.Adaptive adaptive,
            double noise,
            double clients,
            NeighbouringRelation relation) {
        if (asked.noise() instanceof Local) {
            throw refused("clipping", "adaptive", "under local privacy: fixed or per-layer");
        }
        if (asked.noise() instanceof Correlated) {
            throw refused(
                    "clipping",
                    "adaptive",
                    "with correlated noise, whose sensitivity needs one norm for all rounds: fixed or per-layer");
        }
        double stddev = adaptive.countStddev(clients);
        double most = stddev / RunEvents.countSensitivity(relation);
        if (noise >= most) {
            throw new IllegalArgumentException(SECTION + "count-stddev: " + stddev + " with " + clients
                    + " clients a round and noise multiplier " + noise
                    + "; adaptive clipping needs a noise multiplier below " + most
                    + ", the noise on the count over its sensitivity: raise count-stddev or ask more clients");
        }
    }

    private static IllegalArgumentException refused(String key, Object value, String valid) {
        return new IllegalArgumentException(SECTION + key + ": " + value + " is not possible here; valid " + valid);
    }
}
