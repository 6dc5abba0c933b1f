/**
 * A node's connection to its coordinator: joining, dialling again and again, and transfers that go on where they broke off.
 * The node dials and the coordinator never does, so that nothing at the owner's needs to be open.
 */
package dev.sotto.node.link;
