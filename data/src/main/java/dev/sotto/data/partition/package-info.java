/**
 * The built-in partitioners: how examples are dealt out to clients, from evenly at random to one class per client.
 */
package dev.sotto.data.partition;
