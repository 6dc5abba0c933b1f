/** The owner's role: takes requests in, waits for the owner's decision, trains, and writes what it released. */
package dev.sotto.folders.owner;
