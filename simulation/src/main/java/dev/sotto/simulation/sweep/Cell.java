package dev.sotto.simulation.sweep;

import dev.sotto.experiment.ExperimentFile;
import java.util.Map;

/**
 * One run of a sweep.
 *
 * @param name of its directory
 * @param settings value of each varied key, in the order of the axes
 * @param repeat from 1
 * @param file the experiment as it runs
 */
public record Cell(String name, Map<String, String> settings, int repeat, ExperimentFile file) {}
