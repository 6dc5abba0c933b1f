/**
 * The round: which clients are asked, what they are told, how their updates become the next model, and what is
 * remembered of it.
 */
package dev.sotto.federation;
