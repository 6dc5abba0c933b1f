/**
 * One training run over the network, from gathering clients to its last state: rounds that are committed whole or not at all,
 * and that go on after the process has died. Knows clients only through {@link dev.sotto.coordinator.session.Reach}.
 */
package dev.sotto.coordinator.session;
