/**
 * The sotto command: arguments in, progress and results out. No logic of its own.
 */
package dev.sotto.cli;
