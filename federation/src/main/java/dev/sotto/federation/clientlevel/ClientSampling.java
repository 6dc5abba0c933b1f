package dev.sotto.federation.clientlevel;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SampledWithoutReplacement;

/** How a round's cohort is drawn, as far as privacy is concerned. */
public sealed interface ClientSampling {
    /** Everyone who could be asked. */
    int population();

    /** The expected number of clients in a round: the public constant that a sum is divided by. */
    double expectedClients();

    /** The event of a round whose cohort was drawn so. */
    DpEvent sampled(DpEvent event);

    /** Whether the draws hide who took part, and the guarantee rests on their secrecy. */
    boolean amplifies();

    /** The relation under which the sampling is accounted unless another is asked for. */
    NeighbouringRelation relation();

    /** Each client by itself with the same probability. */
    record Poisson(int population, double rate) implements ClientSampling {
        public Poisson {
            Require.atLeast("number of clients", population, 1);
            Require.rate("cohort rate", rate);
        }

        @Override
        public double expectedClients() {
            return rate * population;
        }

        @Override
        public DpEvent sampled(DpEvent event) {
            return rate == 1 ? event : new PoissonSampled(rate, event);
        }

        @Override
        public boolean amplifies() {
            return rate < 1;
        }

        @Override
        public NeighbouringRelation relation() {
            return NeighbouringRelation.ADD_OR_REMOVE_ONE;
        }
    }

    /** That many, uniformly without replacement. */
    record FixedSize(int population, int sample) implements ClientSampling {
        public FixedSize {
            Require.atLeast("cohort size", sample, 1);
            Require.atLeast("number of clients", population, sample);
        }

        @Override
        public double expectedClients() {
            return sample;
        }

        @Override
        public DpEvent sampled(DpEvent event) {
            return sample == population ? event : new SampledWithoutReplacement(population, sample, event);
        }

        @Override
        public boolean amplifies() {
            return sample < population;
        }

        @Override
        public NeighbouringRelation relation() {
            return amplifies() ? NeighbouringRelation.REPLACE_ONE : NeighbouringRelation.ZERO_OUT;
        }
    }

    /**
     * Known to everybody, or drawn in a way that hides nothing: everyone, by turns, first to arrive.
     *
     * @param separation rounds from one in which a client is asked to the next in which it may be; 1 for no wait. Who was
     *     asked and vanished has taken part
     */
    record Known(int population, double expectedClients, int separation) implements ClientSampling {
        public Known {
            Require.atLeast("number of clients", population, 1);
            Require.positive("expected number of clients", expectedClients);
            Require.atLeast("separation", separation, 1);
        }

        /** Anybody in any round. */
        public Known(int population, double expectedClients) {
            this(population, expectedClients, 1);
        }

        /** In how many of that many rounds one client can be asked at most. */
        public int maxParticipations(int rounds) {
            return (int) (((long) rounds + separation - 1) / separation);
        }

        @Override
        public DpEvent sampled(DpEvent event) {
            return event;
        }

        @Override
        public boolean amplifies() {
            return false;
        }

        @Override
        public NeighbouringRelation relation() {
            return NeighbouringRelation.ZERO_OUT;
        }
    }
}
