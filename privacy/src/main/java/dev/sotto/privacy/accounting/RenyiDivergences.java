package dev.sotto.privacy.accounting;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.NoOp;
import dev.sotto.privacy.event.NonPrivate;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SelfComposed;
import java.util.Arrays;

/** Interprets events as curves of Renyi divergences over fixed orders. */
final class RenyiDivergences {
    private final double[] orders;

    RenyiDivergences(double[] orders) {
        this.orders = orders;
    }

    double[] of(DpEvent event) {
        double[] total = new double[orders.length];
        add(event, 1, total);
        return total;
    }

    private void add(DpEvent event, double count, double[] total) {
        if (count == 0 || event instanceof NoOp) {
            return;
        }
        if (event instanceof NonPrivate) {
            Arrays.fill(total, Double.POSITIVE_INFINITY);
        } else if (event instanceof Composed composed) {
            composed.events().forEach(part -> add(part, count, total));
        } else if (event instanceof SelfComposed repeated) {
            add(repeated.event(), count * repeated.count(), total);
        } else if (event instanceof Gaussian gaussian) {
            double distance = gaussian.sensitivity() / gaussian.standardDeviation();
            for (int i = 0; i < orders.length; i++) {
                total[i] += count * orders[i] * distance * distance / 2;
            }
        } else if (event instanceof PoissonSampled sampled) {
            addSampled(sampled, count, total);
        } else {
            throw new UnboundedEventException("rdp", event, "no accountant knows it");
        }
    }

    private void addSampled(PoissonSampled sampled, double count, double[] total) {
        if (sampled.rate() == 1) {
            add(sampled.event(), count, total);
        } else if (sampled.event() instanceof Gaussian gaussian) {
            double sigma = gaussian.standardDeviation() / gaussian.reach();
            boolean symmetric = gaussian.relation() == NeighbouringRelation.REPLACE_ONE;
            double largest = Arrays.stream(orders).max().orElse(2);
            GaussianMixtureMoments moments = new GaussianMixtureMoments(sampled.rate(), sigma, symmetric, largest);
            for (int i = 0; i < orders.length; i++) {
                total[i] += count * moments.logMoment(orders[i]) / (orders[i] - 1);
            }
        } else {
            throw new UnboundedEventException("rdp", sampled, "under Poisson sampling it knows one Gaussian event");
        }
    }
}
