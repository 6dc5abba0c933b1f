/**
 * Data sets made from nothing but a seed: handwritten-looking digits drawn from our own strokes, coloured shapes, and
 * toy regression and classification.
 */
package dev.sotto.data.generated;
