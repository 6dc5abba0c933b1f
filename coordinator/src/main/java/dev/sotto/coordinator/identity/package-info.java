/**
 * Who is who: the authority that issues certificates, join tokens, revocation, and access tokens of people. The network
 * asks {@link dev.sotto.coordinator.identity.Gate} before it lets anybody in.
 */
package dev.sotto.coordinator.identity;
