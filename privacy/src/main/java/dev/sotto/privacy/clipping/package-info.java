/**
 * How one contribution's influence is bounded: flat, per layer, normalising, and with a norm that adapts to a quantile.
 * A rule says what it keeps of a gradient of a given norm, and how far the clipped contribution can move the sum.
 */
package dev.sotto.privacy.clipping;
