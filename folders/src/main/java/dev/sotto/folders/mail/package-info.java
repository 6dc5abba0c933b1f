/**
 * Letters in folders: what a datasite writes into others' trees and keeps there, and what it takes from its own tree, verified
 * and at most once, or puts into quarantine.
 */
package dev.sotto.folders.mail;
