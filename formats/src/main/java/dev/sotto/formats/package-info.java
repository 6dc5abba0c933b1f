/**
 * Readers and writers of array and model files: npz, safetensors, IDX, CIFAR. Every parser here takes bytes from
 * strangers: sizes and shapes are checked before memory is taken.
 */
package dev.sotto.formats;
