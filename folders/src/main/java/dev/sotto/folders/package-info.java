/** Federation over shared or synced folders: an aggregator and owners who meet in files, with no server and no open port. */
package dev.sotto.folders;
