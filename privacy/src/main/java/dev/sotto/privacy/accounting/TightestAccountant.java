package dev.sotto.privacy.accounting;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.event.DpEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

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
        return smallest(
                event,
                accountant -> accountant.epsilon(event, delta),
                Comparator.comparingDouble(EpsilonAnswer::orInfinity));
    }

    @Override
    public double delta(DpEvent event, Epsilon epsilon) {
        return smallest(event, accountant -> accountant.delta(event, epsilon), Comparator.<Double>naturalOrder());
    }

    private static <T> T smallest(DpEvent event, Function<Accountant, T> ask, Comparator<T> order) {
        if (ExactGaussian.applies(event)) {
            return ask.apply(ExactGaussian.instance());
        }
        List<T> answers = new ArrayList<>();
        List<UnboundedEventException> refusals = new ArrayList<>();
        for (Accountant accountant : List.of(PldAccountant.standard(), RdpAccountant.standard())) {
            try {
                answers.add(ask.apply(accountant));
            } catch (UnboundedEventException e) {
                refusals.add(e);
            }
        }
        return answers.stream().min(order).orElseThrow(() -> UnboundedEventException.together(refusals));
    }
}
