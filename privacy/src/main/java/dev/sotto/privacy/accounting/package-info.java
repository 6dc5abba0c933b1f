/**
 * Turns events into epsilon. Renyi accounting composes by adding curves and is always fast; privacy loss distributions
 * compose by convolution and are tight; both give upper bounds. Calibration inverts them.
 */
package dev.sotto.privacy.accounting;
