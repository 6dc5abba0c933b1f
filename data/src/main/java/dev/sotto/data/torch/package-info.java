/** Examples that PyTorch saved. */
package dev.sotto.data.torch;
