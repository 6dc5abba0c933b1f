/**
 * The engine that runs models on the kernels: groups of examples, one lane each, go forward and backward through a chain
 * of layer executors; per-example norms are read off the lanes, and gradients are added to the caller's sum already
 * clipped.
 */
package dev.sotto.learning.jvm;
