/**
 * Correlated noise (DP-FTRL, the matrix mechanism): for federations that cannot sample clients at random. The noise of a
 * round takes back part of the noise of rounds before, so that running sums, which are what training follows, carry far
 * less of it than with independent noise, while the whole run stays one Gaussian event. The strategy matrix is a
 * lower-triangular Toeplitz matrix, banded or with buffers; sensitivity, event, noise and its local secret state all
 * derive from one {@link dev.sotto.privacy.correlated.CorrelatedGaussian}.
 */
package dev.sotto.privacy.correlated;
