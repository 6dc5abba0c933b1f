package dev.sotto.federation;

import dev.sotto.federation.clientlevel.ClientSampling;
import dev.sotto.privacy.Require;
import dev.sotto.privacy.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which clients are asked in a round. */
public sealed interface Cohort {
    /** The ids of a round's cohort, in the order of the roster. */
    List<String> draw(List<ClientProfile> roster, RandomStream random);

    /** The most clients that a round can ask of that many. */
    default int most(int population) {
        return population;
    }

    /** How privacy sees this way of drawing from that many clients. */
    ClientSampling sampling(int population);

    /** Everyone, each round. */
    record All() implements Cohort {
        @Override
        public List<String> draw(List<ClientProfile> roster, RandomStream random) {
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
        public List<String> draw(List<ClientProfile> roster, RandomStream random) {
            int[] order = new int[roster.size()];
            Arrays.setAll(order, i -> i);
            random.shuffle(order);
            return Arrays.stream(order)
                    .limit(clients)
                    .sorted()
                    .mapToObj(i -> roster.get(i).id())
                    .toList();
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
        public List<String> draw(List<ClientProfile> roster, RandomStream random) {
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
}
