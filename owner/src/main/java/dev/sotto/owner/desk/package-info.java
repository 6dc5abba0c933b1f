/**
 * Where an owner's side of any transport asks whether a session may use the data: reads the owner's file, verifies packages, and
 * hosts the sessions that were agreed to.
 */
package dev.sotto.owner.desk;
