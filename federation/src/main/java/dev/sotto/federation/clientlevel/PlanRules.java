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
     * under its sender's name, nor with shares of noise: the noise tells how many of those drawn answered, and a round needs
     * some of them.
     */
    static boolean amplifies(ClientLevelPrivacy asked, ClientSampling sampling) {
        return !asked.noise().atClients() && sampling.amplifies();
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
                    "relation",
                    relation.label(),
                    "under local privacy, where any two updates are neighbours",
                    "replace-one");
        }
        if (relation == NeighbouringRelation.ADD_OR_REMOVE_ONE) {
            throw refused(
                    "relation",
                    relation.label(),
                    asked.noise() instanceof AtClients
                            ? "with noise at the clients, whose size tells how many took part"
                            : "without cohort.rate, as the number of clients asked is public",
                    "zero-out or replace-one");
        }
        if (relation == NeighbouringRelation.REPLACE_ONE && sampling instanceof Poisson && discrete(asked)) {
            throw refused(
                    "relation",
                    relation.label(),
                    "with discrete noise and cohort.rate",
                    "add-or-remove-one or zero-out");
        }
        return relation;
    }

    private static NeighbouringRelation usual(ClientLevelPrivacy asked, ClientSampling sampling) {
        if (asked.noise() instanceof Local) {
            return NeighbouringRelation.REPLACE_ONE;
        }
        return asked.noise() instanceof AtClients ? NeighbouringRelation.ZERO_OUT : sampling.relation();
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
        requireAllReleased(asked, sampling, relation, minClients);
        double norm = asked.clipping().initialNorm();
        if (norm < UpdateBound.SMALLEST_NORM || norm > UpdateBound.LARGEST_NORM) {
            throw new IllegalArgumentException(
                    SECTION + "clipping-norm: " + norm + " is out of range; it must be at least "
                            + UpdateBound.SMALLEST_NORM + " and at most " + UpdateBound.LARGEST_NORM);
        }
        if (discrete(asked) && asked.accountant() == AccountantChoice.PLD) {
            throw refused("accountant", "pld", "with discrete noise on a vector", "rdp or tightest");
        }
        if (asked.epsilon().isPresent() && noise.value() == 0) {
            throw refused("noise-multiplier", 0, "where epsilon is a limit", "a number above 0");
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

    /**
     * Whether a round is released is seen by everybody. Where that depends on how many answer, it depends on who was drawn: a
     * release makes it likelier that those who are there were, and proves it where all are needed. So a guarantee that counts
     * on secret draws holds only if every round is released, an empty one too. Under add-or-remove-one the number of
     * answers itself tells whether a client is there, drawn or not.
     */
    private static void requireAllReleased(
            ClientLevelPrivacy asked, ClientSampling sampling, NeighbouringRelation relation, int minClients) {
        boolean secret = amplifies(asked, sampling);
        if (minClients == 0 || !(secret || relation == NeighbouringRelation.ADD_OR_REMOVE_ONE)) {
            return;
        }
        String drawn = sampling instanceof Poisson ? "cohort.rate" : "cohort.size or fraction";
        throw new IllegalArgumentException("cohort.min-clients: " + minClients + " is not possible under "
                + "privacy.client-level with " + drawn + ": a round held back would tell "
                + (secret ? "who was drawn, which is to be secret" : "whether a client takes part")
                + "; valid is 0, which is the default, or to ask everyone, without " + drawn
                + "; for clients that must be there before a run begins there is cohort.min-available");
    }

    private static void checkAdaptive(
            ClientLevelPrivacy asked,
            UpdateClipping.Adaptive adaptive,
            double noise,
            double clients,
            NeighbouringRelation relation) {
        if (asked.noise() instanceof Local) {
            throw refused("clipping", "adaptive", "under local privacy", "fixed or per-layer");
        }
        if (asked.noise() instanceof Correlated) {
            throw refused(
                    "clipping",
                    "adaptive",
                    "with correlated noise, whose sensitivity needs one norm for all rounds",
                    "fixed or per-layer");
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

    private static IllegalArgumentException refused(String key, Object value, String where, String valid) {
        return new IllegalArgumentException(
                SECTION + key + ": " + value + " is not possible " + where + "; valid is " + valid);
    }
}
