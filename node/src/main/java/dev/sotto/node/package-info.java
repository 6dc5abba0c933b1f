/** The data owner's agent on the network: dials the coordinator, and lets the owner's rules decide. */
package dev.sotto.node;
