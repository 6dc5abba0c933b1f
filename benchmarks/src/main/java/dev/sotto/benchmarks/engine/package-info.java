/**
 * How fast the engine takes a private step: examples per second beside the same step without privacy, and the share of
 * what this core's matrix multiplication reaches.
 */
package dev.sotto.benchmarks.engine;
