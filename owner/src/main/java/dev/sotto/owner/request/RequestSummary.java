package dev.sotto.owner.request;

import dev.sotto.owner.AgreedTerms;
import dev.sotto.owner.Owner;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a list says of a request: worked out when it arrived and kept, so that a list of many reads no package.
 *
 * @param project what the package calls it
 * @param rounds that are asked
 * @param epsilon that the session may reach on one record; empty for no bound
 */
public record RequestSummary(String project, int rounds, OptionalDouble epsilon) {
    /**
     * Of how it is worked out. To be raised with every change after which the same request may come to another summary: in what
     * it says, or in the accounting that its epsilon is from.
     */
    static final int VERSION = 1;

    /**
     * Of what was worked out.
     *
     * @param examples that would be trained on
     */
    public static RequestSummary of(AgreedTerms agreed, int examples) {
        return new RequestSummary(agreed.plan().name(), agreed.plan().rounds(), agreed.epsilon(examples));
    }

    /**
     * Of a request. One that another version worked out, or none, is worked out once.
     *
     * @throws RequestException in one line, if that needs its package, and it can no longer be read
     */
    public static RequestSummary of(Owner owner, Request request) {
        Optional<RequestSummary> kept = owner.requests().summary(request);
        if (kept.isPresent()) {
            return kept.get();
        }
        Asked asked = Asked.of(owner, request);
        RequestSummary summary = of(asked.agreed(), asked.examples());
        owner.requests().summarize(request, summary);
        return summary;
    }
}
