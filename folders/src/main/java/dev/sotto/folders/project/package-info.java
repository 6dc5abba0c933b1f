/**
 * Projects as people of SyftBox's fl_client and fl_aggregator write them: an {@code fl_config.json} beside weights. The
 * architecture in Python that lies there too is named and shown, never run.
 */
package dev.sotto.folders.project;
