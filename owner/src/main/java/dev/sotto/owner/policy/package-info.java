/** What a data owner allows: which sessions may use its data, how much each may spend, and whose they may be. */
package dev.sotto.owner.policy;
