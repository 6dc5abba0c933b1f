/**
 * The strategies that come with Sotto: averages, server optimizers, corrections of client drift, fairness, and aggregates
 * that withstand malicious clients. Those that depend on the updates' mean alone can be put under client-level privacy; the
 * others say why not.
 */
package dev.sotto.federation.strategy;
