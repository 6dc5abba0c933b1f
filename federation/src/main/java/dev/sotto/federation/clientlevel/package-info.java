/**
 * Client-level differential privacy: the bound and release stages of a round. Updates are clipped, summed in fixed point with
 * equal weight, noised once and divided by a public constant; the event that is accounted comes from the same plan. Knows
 * vectors, not clients: the round brings them.
 */
package dev.sotto.federation.clientlevel;
