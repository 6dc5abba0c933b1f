/**
 * Thousands of clients at one coordinator: real connections, certificates and signatures, and no training. What a coordinator
 * takes is measured from without, as its operating system sees it.
 */
package dev.sotto.benchmarks.load;
