package dev.sotto.privacy.accounting;

/** Numbers of the first and the last point of a grid, and the distance of two. */
record GridRange(long first, long last, double step) {}
