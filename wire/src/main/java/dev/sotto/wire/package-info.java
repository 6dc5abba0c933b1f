/**
 * What coordinators and nodes, and owners who share folders, say to each other: messages, chunks, signed headers, TLS. Knows
 * neither sessions nor data.
 */
package dev.sotto.wire;
