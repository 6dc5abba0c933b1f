/**
 * A federation in one process: resident workers, one network each, however many clients there are.
 */
package dev.sotto.simulation;
