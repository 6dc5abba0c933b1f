/**
 * The data owner's record of what was done to a data set, and the budget that it enforces: reserved before data is
 * touched, committed after the release, never refunded.
 */
package dev.sotto.privacy.ledger;
