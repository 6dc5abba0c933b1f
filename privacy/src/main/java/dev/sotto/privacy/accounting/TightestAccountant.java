package dev.sotto.privacy.accounting;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.event.DpEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * The smallest bound that any accountant proves for the events at hand; the answer names the winner. All of them hold at
 * once, so the smallest holds. Immutable and thread-safe.
 */
final class TightestAccountant implements Accountant {
    static final TightestAccountant INSTANCE = new TightestAccountant();

    private TightestAccountant() {}

    @Override
    public String name() {
        return "tightest";
    }

    @Override
    public EpsilonAnswer epsilon(DpEvent event, Delta delta) {
        if (ExactGaussian.applies(event)) {
            return ExactGaussian.instance().epsilon(event, delta);
        }
        List<EpsilonAnswer> answers = new ArrayList<>();
        UnboundedEventException refusal = null;
        for (Accountant accountant : List.of(PldAccountant.standard(), RdpAccountant.standard())) {
            try {
                answers.add(accountant.epsilon(event, delta));
            } catch (UnboundedEventException e) {
                refusal = e;
            }
        }
        if (answers.isEmpty()) {
            throw refusal;
        }
        EpsilonAnswer best = answers.get(0);
        for (EpsilonAnswer answer : answers) {
            best = answer.orInfinity() < best.orInfinity() ? answer : best;
        }
        return best;
    }

    @Override
    public double delta(DpEvent event, Epsilon epsilon) {
        if (ExactGaussian.applies(event)) {
            return ExactGaussian.instance().delta(event, epsilon);
        }
        double best = Double.NaN;
        UnboundedEventException refusal = null;
        for (Accountant accountant : List.of(PldAccountant.standard(), RdpAccountant.standard())) {
            try {
                double delta = accountant.delta(event, epsilon);
                best = delta < best ? delta : Double.isNaN(best) ? delta : best;
            } catch (UnboundedEventException e) {
                refusal = e;
            }
        }
        if (Double.isNaN(best)) {
            throw refusal;
        }
        return best;
    }
}
