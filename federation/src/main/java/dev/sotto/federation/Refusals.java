package dev.sotto.federation;

import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.learning.DivergedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What later rounds of one run need to know of the refusals before them. One thread at a time. */
final class Refusals {
    private final Map<String, Refusal> exhausted = new LinkedHashMap<>();
    private final List<Refusal> failed = new ArrayList<>();

    /** Those whose budget is spent, in the order in which they said so; a copy. */
    Map<String, Refusal> exhausted() {
        return new LinkedHashMap<>(exhausted);
    }

    void restore(Map<String, Refusal> budgets) {
        exhausted.putAll(budgets);
    }

    /**
     * Takes in a round's reports.
     *
     * @param divergenceEnds whether a client whose training diverged ends the run
     */
    void note(List<ClientReport> reports, boolean divergenceEnds) {
        failed.clear();
        for (ClientReport report : reports) {
            report.refusal().ifPresent(refusal -> {
                switch (refusal.reason()) {
                    case BUDGET -> exhausted.putIfAbsent(report.client(), refusal);
                    case FAILED, TOO_LARGE -> failed.add(refusal);
                    case DIVERGED -> {
                        if (divergenceEnds) {
                            throw new DivergedException(refusal.message());
                        }
                        failed.add(refusal);
                    }
                    case DROPPED -> {}
                }
            });
        }
    }

    /**
     * The refusal to name where no later round could be released: so many budgets are spent that fewer clients than a round
     * needs can pay, or everybody failed. A client whose budget refused a round would be refused each later one too.
     *
     * @param clients how many there are
     * @param needed updates without which a round is not released
     */
    Optional<Refusal> hopeless(int clients, int needed) {
        int able = clients - exhausted.size();
        if (!exhausted.isEmpty() && able < Math.max(1, needed)) {
            return exhausted.values().stream().findFirst();
        }
        return failed.isEmpty() || failed.size() < able
                ? Optional.empty()
                : failed.stream().findFirst();
    }

    /**
     * Who answered, so that whether a round is released does not depend on data: a client whose training diverged has
     * answered with nothing.
     */
    static int replies(List<ClientReport> reports) {
        return (int) reports.stream()
                .filter(report -> report.refusal()
                        .map(refusal -> refusal.reason() == Reason.DIVERGED)
                        .orElse(true))
                .count();
    }
}
