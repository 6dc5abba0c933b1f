package dev.sotto.coordinator.network;

import dev.sotto.coordinator.identity.Gate;
import dev.sotto.coordinator.network.DeliveryRefusedException.Effect;
import dev.sotto.coordinator.session.RefusalKind;
import dev.sotto.wire.SignedUpdates;
import dev.sotto.wire.UpdateRules;
import dev.sotto.wire.UpdateRules.Misfit;
import dev.sotto.wire.v1.SignedUpdate;
import dev.sotto.wire.v1.UpdateHeader;
import java.security.PublicKey;
import java.security.SignatureException;
import java.util.Optional;

/** What must hold of an update's header before a byte of the update is taken. */
final class HeaderCheck {
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
        Optional<Misfit> misfit = UpdateRules.misfit(
                header, order.template(), order.task(), task.client().examples(), mostBytes);
        if (misfit.isPresent()) {
            RefusalKind kind =
                    switch (misfit.get().kind()) {
                        case ANOTHER_TASK -> RefusalKind.REPLAYED;
                        case SIZE -> RefusalKind.SIZE;
                        case CLAIMS -> RefusalKind.CLAIMS;
                    };
            throw new DeliveryRefusedException(
                    Effect.FINAL, kind, Refusals.line(misfit.get().reason()));
        }
    }
}
