package dev.sotto.node;

import dev.sotto.formats.Printable;
import dev.sotto.owner.desk.Counterpart;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.List;

/**
 * Who a node is, and whom it trusts, since it was enrolled.
 *
 * @param client id that its certificate is bound to
 * @param coordinator id of the coordinator
 * @param authority SHA-256 of the key of the coordinator's authority, in hexadecimal
 * @param packageKey Ed25519 key that signs the coordinator's packages
 * @param signingKey Ed25519 key that signs this node's updates
 */
public record NodeIdentity(
        String client, String coordinator, String authority, PublicKey packageKey, PrivateKey signingKey) {
    /** Checks the ids: they appear in logs and ledgers. */
    public NodeIdentity {
        for (String id : List.of(client, coordinator)) {
            if (id.isBlank() || !Printable.is(id)) {
                throw new IllegalArgumentException("'" + Printable.line(id) + "' is no id of a client or coordinator");
            }
        }
    }

    /** The coordinator, to whoever decides on what it asks. */
    public Counterpart counterpart() {
        return new Counterpart(client, coordinator, authority, packageKey);
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "client " + client + " of " + coordinator;
    }
}
