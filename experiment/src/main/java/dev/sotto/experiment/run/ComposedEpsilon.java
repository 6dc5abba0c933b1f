package dev.sotto.experiment.run;

import dev.sotto.experiment.run.Composition.Part;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.PrivacyUnit;
import dev.sotto.privacy.accounting.Accountant;
import dev.sotto.privacy.accounting.EpsilonAnswer;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.EpsilonDelta;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Epsilon of a {@link Composition} at one level.
 *
 * @param unit whom it concerns; empty if no file says it
 * @param delta it holds at
 * @param clients the figure of each client; one entry named {@code all} where it is everybody's
 * @param worst the largest of them
 * @param knowingDraws for whoever learns which clients were drawn; empty for examples, or if no finite epsilon holds
 */
public record ComposedEpsilon(
        Optional<PrivacyUnit> unit,
        Delta delta,
        Map<String, EpsilonAnswer> clients,
        EpsilonAnswer worst,
        OptionalDouble knowingDraws) {

    /** Asks an accountant. */
    public static ComposedEpsilon of(Part part, Accountant accountant, Delta delta) {
        Map<String, EpsilonAnswer> answers = new LinkedHashMap<>();
        part.events().forEach((client, event) -> answers.put(client, answer(part, event, accountant, delta.value())));
        EpsilonAnswer worst = answers.values().stream()
                .max((a, b) -> Double.compare(a.orInfinity(), b.orInfinity()))
                .orElseThrow();
        OptionalDouble knowing = part.unit().equals(Optional.of(PrivacyUnit.CLIENT))
                ? accountant
                        .epsilon(
                                DpEvents.withoutSampling(
                                        part.events().values().iterator().next()),
                                delta)
                        .epsilon()
                : OptionalDouble.empty();
        return new ComposedEpsilon(part.unit(), delta, answers, worst, knowing);
    }

    /** Bounds, and releases under another relation, add to what the events come to; delta is shared out among them. */
    private static EpsilonAnswer answer(Part part, DpEvent event, Accountant accountant, double delta) {
        boolean nothing = DpEvents.parts(event).isEmpty();
        double left =
                delta - part.bounds().stream().mapToDouble(EpsilonDelta::delta).sum();
        double added = part.bounds().stream().mapToDouble(EpsilonDelta::epsilon).sum();
        String words = part.bounds().isEmpty() ? "" : "; limits that ledgers enforced are added";
        int shares = (nothing ? 0 : 1) + (part.carried().isPresent() ? 1 : 0);
        if (shares == 0 && left > -1e-12 * delta) {
            return new EpsilonAnswer(
                    OptionalDouble.of(added),
                    "limits",
                    OptionalDouble.empty(),
                    "the limits that ledgers enforced, added up");
        }
        if (left <= 0) {
            String why = "delta is used up by the limits that ledgers enforced; give a larger --delta";
            return new EpsilonAnswer(OptionalDouble.empty(), "limits", OptionalDouble.empty(), why);
        }
        Delta share = new Delta(left / shares);
        if (part.carried().isPresent()) {
            EpsilonAnswer carried = accountant.epsilon(part.carried().get(), share);
            if (nothing || carried.epsilon().isEmpty()) {
                return plus(carried, added, words);
            }
            added += carried.epsilon().getAsDouble();
            words += "; runs that protect clients are added, as a client replaced by another, with half of delta";
        }
        return plus(accountant.epsilon(event, share), added, words);
    }

    private static EpsilonAnswer plus(EpsilonAnswer answer, double added, String words) {
        OptionalDouble epsilon = answer.epsilon().isPresent()
                ? OptionalDouble.of(answer.epsilon().getAsDouble() + added)
                : answer.epsilon();
        return new EpsilonAnswer(epsilon, answer.accountant(), answer.order(), answer.explanation() + words);
    }
}
