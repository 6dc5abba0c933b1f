/**
 * A run made visible: one HTML page that needs nothing but itself, and plots as SVG. Everything is made from what the run's
 * directory holds, so a report can be made again at any time. All text from outside is escaped by construction.
 */
package dev.sotto.experiment.report;
