package dev.sotto.owner.desk;

import java.security.PublicKey;

/**
 * Who asks for an owner's data, and as whom the owner answers.
 *
 * @param client what the federation calls the owner
 * @param coordinator id of whoever asks
 * @param authority SHA-256 of the key that the coordinator's identity rests on, in hexadecimal
 * @param packageKey Ed25519 key that signs the coordinator's packages
 */
public record Counterpart(String client, String coordinator, String authority, PublicKey packageKey) {}
