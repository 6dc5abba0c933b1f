/**
 * The data owner's ledger: one SQLite file, append-only and chained by hashes, keyed by the data sets that the owner
 * declares. Whatever coordinator or session asks, it adds to the same account.
 */
package dev.sotto.owner.ledger;
