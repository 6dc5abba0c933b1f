package dev.sotto.node.link;

import dev.sotto.wire.Address;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a node keeps of joining, besides its keys.
 *
 * @param address of the coordinator
 * @param coordinatorId whom it has joined
 * @param chain certificates, the node's own first, the authority's last
 * @param packageKey Ed25519 key that signs the coordinator's packages
 */
public record Joined(Address address, String coordinatorId, List<X509Certificate> chain, PublicKey packageKey) {
    /** Copies the chain. */
    public Joined {
        chain = List.copyOf(chain);
    }

    /** The authority's certificate. */
    public X509Certificate authority() {
        return chain.get(chain.size() - 1);
    }
}
