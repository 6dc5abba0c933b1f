/**
 * Tables from CSV files with a declared schema: every column says what it is and with which public constants it is
 * scaled, so that nothing is ever measured on private data.
 */
package dev.sotto.data.csv;
