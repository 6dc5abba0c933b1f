/**
 * What coordinators ask of an owner's data, and what the owner decides: requests, and decisions on them that are signed with the
 * owner's key, chained by hashes, and asked for before each round.
 */
package dev.sotto.owner.request;
