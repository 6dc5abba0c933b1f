/**
 * Where the time of a federated round goes: training, aggregation and noise, on the fleet and the mechanism that
 * experiments run on, beside what this machine's matrix multiplication would need for the training alone.
 */
package dev.sotto.benchmarks.round;
