/**
 * Cryptographic randomness for noise and sampling: AES in counter mode, keyed by the operating system or, for runs that
 * must be reproducible and are therefore not private, by a seed and the purpose of the stream.
 */
package dev.sotto.privacy.random;
