package dev.sotto.coordinator.network;

import dev.sotto.coordinator.identity.Gate;
import dev.sotto.coordinator.network.DeliveryRefusedException.Effect;
import dev.sotto.coordinator.session.RefusalKind;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.Evaluations;
import dev.sotto.wire.SignedUpdates;
import dev.sotto.wire.v1.SignedUpdate;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.UpdateHeader;
import java.security.PublicKey;
import java.security.SignatureException;
import java.util.Optional;

/** What must hold of an update's header before a byte of the update is taken. */
final class HeaderCheck {
    private static final int MOST_METRICS = 32;
    private static final int MOST_METRIC_NAME = 64;

    private HeaderCheck() {}

    /** The header, if it is signed by the client whose certificate it came with, and speaks for that client. */
    static UpdateHeader signed(SignedUpdate update, String client, Gate gate) throws DeliveryRefusedException {
        Optional<PublicKey> key = gate.signingKey(client);
        if (key.isEmpty()) {
            throw new DeliveryRefusedException(Effect.NONE, RefusalKind.REVOKED, "its client is unknown or revoked");
        }
        UpdateHeader header;
        try {
            header = SignedUpdates.verified(update, key.get());
        } catch (SignatureException e) {
            throw new DeliveryRefusedException(Effect.TRY_AGAIN, RefusalKind.UNSIGNED, e.getMessage());
        }
        if (!header.getClientId().equals(client)) {
            throw new DeliveryRefusedException(
                    Effect.NONE,
                    RefusalKind.FOREIGN,
                    "it says that it is of client " + Refusals.line(header.getClientId())
                            + ", but the certificate is that of " + client);
        }
        return header;
    }

    /** That a signed header answers the task. */
    static void answers(UpdateHeader header, OpenTask task, long mostBytes) throws DeliveryRefusedException {
        RoundOrder order = task.round().order();
        Task asked = order.template();
        if (!header.getSession().equals(asked.getSession()) || header.getRound() != asked.getRound()) {
            throw unfit(
                    RefusalKind.REPLAYED,
                    "it is of session " + header.getSession() + ", round " + header.getRound()
                            + ", and the task is of session " + asked.getSession() + ", round " + asked.getRound());
        }
        if (!header.getModel().equals(asked.getModel().getSha256())) {
            throw unfit(RefusalKind.REPLAYED, "another model was trained than the task's");
        }
        long size = (long) Float.BYTES * order.width();
        try {
            Blobs.requireAtMost(header.getVector(), Math.max(size, mostBytes), "the update");
        } catch (IllegalArgumentException e) {
            throw unfit(RefusalKind.SIZE, e.getMessage());
        }
        if (header.getVector().getSize() != size) {
            throw unfit(
                    RefusalKind.SIZE,
                    "it has " + header.getVector().getSize() + " bytes; " + order.width() + " values of " + Float.BYTES
                            + " bytes were asked for");
        }
        if (size > mostBytes) {
            throw unfit(RefusalKind.SIZE, "it has " + size + " bytes; at most " + mostBytes + " are accepted");
        }
        int examples = order.examples(task.client().examples());
        if (header.getExamples() != examples) {
            throw unfit(
                    RefusalKind.CLAIMS,
                    "it claims " + Integer.toUnsignedString(header.getExamples())
                            + " examples; the client takes part with " + examples);
        }
        measured(header);
    }

    private static void measured(UpdateHeader header) throws DeliveryRefusedException {
        if (header.getSteps() < 0) {
            throw unfit(RefusalKind.CLAIMS, "it claims " + Integer.toUnsignedString(header.getSteps()) + " steps");
        }
        if (header.hasEpsilon()) {
            try {
                Evaluations.epsilon(header.getEpsilon());
            } catch (IllegalArgumentException e) {
                throw unfit(RefusalKind.CLAIMS, e.getMessage());
            }
        }
        boolean longName = header.getMetricsMap().keySet().stream().anyMatch(name -> name.length() > MOST_METRIC_NAME);
        if (header.getMetricsCount() > MOST_METRICS || longName) {
            throw unfit(
                    RefusalKind.CLAIMS,
                    "it has " + header.getMetricsCount() + " metrics; at most " + MOST_METRICS
                            + " with names of at most " + MOST_METRIC_NAME + " characters are accepted");
        }
    }

    private static DeliveryRefusedException unfit(RefusalKind kind, String reason) {
        return new DeliveryRefusedException(Effect.FINAL, kind, Refusals.line(reason));
    }
}
