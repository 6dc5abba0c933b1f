/** How long an answer about privacy takes: epsilon by each accountant, and calibration. */
package dev.sotto.benchmarks.accounting;
