package dev.sotto.federation;

import dev.sotto.federation.clientlevel.ClientSampling;
import dev.sotto.privacy.Require;
import dev.sotto.privacy.random.RandomStream;
import dev.sotto.privacy.random.Randomness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Which clients are asked in a round. */
public sealed interface Cohort {
    /**
     * The ids of a round's cohort, in the order of the roster.
     *
     * @param round from 1
     * @param random the round's own stream
     */
    List<String> draw(List<ClientProfile> roster, int round, RandomStream random);

    /** The most clients that a round can ask of that many. */
    default int most(int population) {
        return population;
    }

    /** How privacy sees this way of drawing from that many clients. */
    ClientSampling sampling(int population);

    /** Everyone, each round. */
    record All() implements Cohort {
        @Override
        public List<String> draw(List<ClientProfile> roster, int round, RandomStream random) {
            return roster.stream().map(ClientProfile::id).toList();
        }

        @Override
        public ClientSampling sampling(int population) {
            return new ClientSampling.Known(population, population);
        }
    }

    /** That many, uniformly without replacement; all of them if there are fewer. */
    record FixedSize(int clients) implements Cohort {
        public FixedSize {
            Require.atLeast("cohort size", clients, 1);
        }

        @Override
        public List<String> draw(List<ClientProfile> roster, int round, RandomStream random) {
            int[] order = new int[roster.size()];
            Arrays.setAll(order, i -> i);
            random.shuffle(order);
            return ids(roster, Arrays.stream(order).limit(clients));
        }

        @Override
        public int most(int population) {
            return Math.min(clients, population);
        }

        @Override
        public ClientSampling sampling(int population) {
            return new ClientSampling.FixedSize(population, Math.min(clients, population));
        }
    }

    /** Each on its own with the given probability; a round may be empty. */
    record Poisson(double rate) implements Cohort {
        public Poisson {
            Require.rate("cohort rate", rate);
        }

        @Override
        public List<String> draw(List<ClientProfile> roster, int round, RandomStream random) {
            List<String> drawn = new ArrayList<>();
            for (ClientProfile client : roster) {
                if (random.nextDouble() < rate) {
                    drawn.add(client.id());
                }
            }
            return drawn;
        }

        @Override
        public ClientSampling sampling(int population) {
            return new ClientSampling.Poisson(population, rate);
        }
    }

    /**
     * By turns: that many a round, down a list of all clients and again from its top, so that nobody is asked twice within
     * {@code separation} rounds. The list is drawn from a public number and the roster alone, and a round's part of it
     * follows from the round: a run that resumes needs nothing to be kept. It hides nobody. The roster must stay as it is.
     *
     * @param separation a client asked in round t is not asked before round t + separation, also if it vanished; at least 1
     * @param clients asked in a round; separation times clients is at most the population
     * @param order the public number; runs with the same one and the same roster ask in the same order
     */
    record MinSeparation(int separation, int clients, long order) implements Cohort {
        public MinSeparation {
            Require.atLeast("min-separation", separation, 1);
            Require.atLeast("cohort size", clients, 1);
        }

        /** In the usual order. */
        public MinSeparation(int separation, int clients) {
            this(separation, clients, 1);
        }

        @Override
        public List<String> draw(List<ClientProfile> roster, int round, RandomStream random) {
            requireEnough(roster.size());
            int[] list = new int[roster.size()];
            Arrays.setAll(list, i -> i);
            Randomness.seeded(order).stream("cohort/order").shuffle(list);
            long first = (round - 1L) * clients;
            return ids(
                    roster,
                    LongStream.range(first, first + clients).mapToInt(turn -> list[(int) (turn % list.length)]));
        }

        @Override
        public int most(int population) {
            return clients;
        }

        /** With the separation that going by turns gives, which may be more than was asked for. */
        @Override
        public ClientSampling.Known sampling(int population) {
            requireEnough(population);
            return new ClientSampling.Known(population, clients, population / clients);
        }

        private void requireEnough(int population) {
            if ((long) separation * clients > population) {
                throw new IllegalArgumentException("min-separation is " + separation + " with " + clients
                        + " clients a round, but there are only " + population
                        + " clients; their product must be at most that");
            }
        }
    }

    private static List<String> ids(List<ClientProfile> roster, IntStream chosen) {
        return chosen.sorted().mapToObj(i -> roster.get(i).id()).toList();
    }
}
