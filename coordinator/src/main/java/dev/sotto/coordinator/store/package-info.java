/**
 * What a coordinator remembers: sessions, rounds, clients, models, tokens and the audit log in a database (SQLite or
 * PostgreSQL), and packages and models as files named by their digest.
 */
package dev.sotto.coordinator.store;
