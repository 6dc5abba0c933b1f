package dev.sotto.owner.request;

import java.time.Instant;

/**
 * An owner's signed word that a request may be done.
 *
 * @param request what was asked
 * @param limits how far it goes
 * @param at when it was signed
 * @param automatic whether the owner's policy approved, not the owner in person
 * @param signer SHA-256 of the owner's public key, in hexadecimal
 */
public record Approval(Request request, ApprovalLimits limits, Instant at, boolean automatic, String signer) {}
