/**
 * Models as data, the engine that computes their gradients, private training at one client, and optimizers.
 * Parameters are one flat float array with a layout; nothing here but the engine knows about layers.
 */
package dev.sotto.learning;
