package dev.sotto.coordinator.identity;

import java.util.List;

/**
 * What a client gets for its join token.
 *
 * @param certificateChain X.509, DER, the client's own first, the authority's last
 * @param coordinatorId whom it has joined
 * @param packageKey Ed25519 key that signs the coordinator's packages, SubjectPublicKeyInfo, DER
 */
public record Joined(List<byte[]> certificateChain, String coordinatorId, byte[] packageKey) {}
