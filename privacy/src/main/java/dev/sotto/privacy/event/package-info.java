/**
 * What was done to data, as values: a tree of mechanisms, sampling and composition that accountants interpret. Events
 * store the standard deviation of the noise, the clipping norm and the neighbouring relation, never a bare multiplier, so
 * that each accountant converts by itself.
 */
package dev.sotto.privacy.event;
