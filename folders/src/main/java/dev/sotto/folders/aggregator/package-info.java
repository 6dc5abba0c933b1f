/** The aggregator's role: takes what is launched, asks owners, runs rounds over folders, and seals the record. */
package dev.sotto.folders.aggregator;
