/** Sessions over the network: identities, state that survives, rounds with whoever is connected. */
package dev.sotto.coordinator;
