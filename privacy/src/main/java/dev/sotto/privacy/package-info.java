/**
 * What makes a guarantee true: the plan from which sampler, clipping, noise and event are all derived, the
 * accountants that turn events into epsilon, calibration, budgets and the ledger.
 */
package dev.sotto.privacy;
