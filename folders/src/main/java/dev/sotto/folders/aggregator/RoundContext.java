package dev.sotto.folders.aggregator;

import dev.sotto.folders.mail.PostOffice;

/**
 * What rounds of a project need.
 *
 * @param mostBytes of an update's vector
 * @param changed is told when something about a participant may be shown
 */
record RoundContext(
        PostOffice post, Clock clock, Project project, Attendance attendance, long mostBytes, Runnable changed) {}
