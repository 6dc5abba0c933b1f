package dev.sotto.wire;

import dev.sotto.federation.RoundTask;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.UpdateHeader;
import java.util.Optional;

/** What must hold of an update's header, whoever carried it, before a value of the update is looked at. */
public final class UpdateRules {
    private static final int MOST_METRICS = 32;
    private static final int MOST_METRIC_NAME = 64;

    private UpdateRules() {}

    /** Values in an update that answers a task. */
    public static int width(RoundTask task) {
        int width = task.method().width(task.parameters().length);
        boolean counts = task.release().map(release -> release.countValue() > 0).orElse(false);
        return counts ? width + 1 : width;
    }

    /** Examples that a client of that many may claim: those, or one where clients weigh for themselves. */
    public static int examples(RoundTask task, int own) {
        return task.release().isPresent() ? 1 : own;
    }

    /**
     * Why a header does not do.
     *
     * @param kind for those who count
     * @param reason in one line
     */
    public record Misfit(Kind kind, String reason) {
        /** What is wrong with it. */
        public enum Kind {
            /** It answers another session, round or model. */
            ANOTHER_TASK,
            /** It has more or fewer bytes than were asked for. */
            SIZE,
            /** It claims examples, steps or metrics that cannot be. */
            CLAIMS
        }
    }

    /**
     * Why a header does not answer a task; empty if it does.
     *
     * @param asked the task as the client was told it
     * @param own examples that the client takes part with
     * @param mostBytes of an update
     */
    public static Optional<Misfit> misfit(UpdateHeader header, Task asked, RoundTask task, int own, long mostBytes) {
        if (!header.getSession().equals(asked.getSession()) || header.getRound() != asked.getRound()) {
            return misfit(
                    Misfit.Kind.ANOTHER_TASK,
                    "it is of session " + header.getSession() + ", round " + header.getRound()
                            + ", and the task is of session " + asked.getSession() + ", round " + asked.getRound());
        }
        if (!header.getModel().equals(asked.getModel().getSha256())) {
            return misfit(Misfit.Kind.ANOTHER_TASK, "another model was trained than the task's");
        }
        int width = width(task);
        long size = (long) Float.BYTES * width;
        try {
            Blobs.requireAtMost(header.getVector(), Math.max(size, mostBytes), "the update");
        } catch (IllegalArgumentException e) {
            return misfit(Misfit.Kind.SIZE, e.getMessage());
        }
        if (header.getVector().getSize() != size) {
            return misfit(
                    Misfit.Kind.SIZE,
                    "it has " + header.getVector().getSize() + " bytes; " + width + " values of " + Float.BYTES
                            + " bytes were asked for");
        }
        if (size > mostBytes) {
            return misfit(Misfit.Kind.SIZE, "it has " + size + " bytes; at most " + mostBytes + " are accepted");
        }
        int examples = examples(task, own);
        if (header.getExamples() != examples) {
            return misfit(
                    Misfit.Kind.CLAIMS,
                    "it claims " + Integer.toUnsignedString(header.getExamples())
                            + " examples; the client takes part with " + examples);
        }
        return measured(header);
    }

    private static Optional<Misfit> measured(UpdateHeader header) {
        if (header.getSteps() < 0) {
            return misfit(Misfit.Kind.CLAIMS, "it claims " + Integer.toUnsignedString(header.getSteps()) + " steps");
        }
        if (header.hasEpsilon()) {
            try {
                Evaluations.epsilon(header.getEpsilon());
            } catch (IllegalArgumentException e) {
                return misfit(Misfit.Kind.CLAIMS, e.getMessage());
            }
        }
        boolean longName = header.getMetricsMap().keySet().stream().anyMatch(name -> name.length() > MOST_METRIC_NAME);
        return header.getMetricsCount() > MOST_METRICS || longName
                ? misfit(
                        Misfit.Kind.CLAIMS,
                        "it has " + header.getMetricsCount() + " metrics; at most " + MOST_METRICS
                                + " with names of at most " + MOST_METRIC_NAME + " characters are accepted")
                : Optional.empty();
    }

    private static Optional<Misfit> misfit(Misfit.Kind kind, String reason) {
        return Optional.of(new Misfit(kind, reason));
    }
}
