/**
 * What a run leaves behind: one directory with the resolved experiment, a line of history a round, the model, the guarantee
 * in full, and the result. Each file is written beside its place and moved there, so a reader never meets half of one; the
 * history is appended as it happens.
 */
package dev.sotto.experiment.run;
