/**
 * Lane-per-example arithmetic: every vector lane is one example of a group, so a weight gradient accumulated
 * lane by lane is the per-example gradient. One implementation on the Vector API, one in plain Java, chosen once
 * at start. Knows nothing of privacy, models or federation.
 */
package dev.sotto.kernels;
