/**
 * What people and scripts ask of a coordinator, over gRPC: each call held to the role of its access token and noted in the audit
 * log.
 */
package dev.sotto.coordinator.operator;
