package dev.sotto.folders.mail;

import dev.sotto.wire.sealed.SealedEnvelope.Header;

/**
 * A letter that was verified.
 *
 * @param header what its author has signed
 * @param content what was sealed in it
 * @param digest of the file, in hexadecimal
 */
public record Letter(Header header, byte[] content, String digest) {}
