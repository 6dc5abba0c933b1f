/** Trying a request out: the same training, on data that is nobody's, beside the ledger. */
package dev.sotto.owner.trial;
