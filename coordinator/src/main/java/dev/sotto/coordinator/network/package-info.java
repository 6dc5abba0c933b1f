/**
 * Nodes and their coordinator on one TLS port: enrolment, connections, transfers, and rounds over them. Nothing here blocks a
 * thread for a node; what a stranger sends is held to limits before it costs memory.
 */
package dev.sotto.coordinator.network;
