/**
 * Data sets as values: examples, schemas, sources, generated data, and the partitioners that deal examples out
 * to clients.
 */
package dev.sotto.data;
