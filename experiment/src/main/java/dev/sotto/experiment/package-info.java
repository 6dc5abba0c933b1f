/**
 * From an experiment file to a validated plan, and from a run to its directory: history, model files, the
 * guarantee, the report and its plots.
 */
package dev.sotto.experiment;
