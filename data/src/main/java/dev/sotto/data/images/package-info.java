/** Labelled images from files: IDX pairs, CIFAR batches, and folders with one sub-folder of pictures per class. */
package dev.sotto.data.images;
