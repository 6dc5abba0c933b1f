package dev.sotto.federation.clientlevel;

import dev.sotto.privacy.Require;
import java.util.OptionalInt;

/** Where the noise on the sum of updates comes from, and of what kind it is. */
public sealed interface UpdateNoise {
    /** Whether noise is added at the clients, before an update leaves. */
    default boolean atClients() {
        return false;
    }

    /** What files and reports call it. */
    String label();

    /** Once, on the sum, by the coordinator; fresh in every round. */
    record AtCoordinator(NoiseDistribution distribution) implements UpdateNoise {
        @Override
        public String label() {
            return "coordinator";
        }
    }

    /**
     * Once, on the sum, by the coordinator; each round's takes back part of the noise of rounds before (DP-FTRL; Kairouz et
     * al. 2021, Denisov et al. 2022, Dvijotham et al. 2024). The whole run is one event.
     *
     * @param kind of the matrix
     * @param size bands, or buffers; empty for as many as the separation of participations, or as help
     */
    record Correlated(CorrelationKind kind, OptionalInt size) implements UpdateNoise {
        /** Checks the range. */
        public Correlated {
            size.ifPresent(count -> Require.atLeast(kind.sizeKey() + " of correlated noise", count, 1));
        }

        @Override
        public String label() {
            return "coordinator";
        }
    }

    /**
     * In shares, by every client that takes part: each adds a normal number of variance std^2 / (m - t), where std is the
     * whole's standard deviation, m the smallest number of updates a round may be released with and t the number of
     * colluders. Only where sums are formed under encryption are shares hidden from the coordinator.
     *
     * @param colluders clients who may tell each other their shares
     */
    record AtClients(int colluders) implements UpdateNoise {
        /** Checks the range. */
        public AtClients {
            Require.atLeast("colluders", colluders, 0);
        }

        @Override
        public boolean atClients() {
            return true;
        }

        @Override
        public String label() {
            return "clients";
        }
    }

    /** Enough by every client for its own update, so that not even the coordinator need be trusted: local privacy. */
    record Local() implements UpdateNoise {
        @Override
        public boolean atClients() {
            return true;
        }

        @Override
        public String label() {
            return "local";
        }
    }
}
