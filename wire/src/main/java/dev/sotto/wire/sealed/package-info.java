/**
 * Messages in files that anybody may read, write, move or delete: signed by their author, encrypted to their reader, and read
 * within bounds without following links.
 */
package dev.sotto.wire.sealed;
