package dev.sotto.data.jdbc;

import java.time.Duration;

/**
 * How long a query may take and how much it may give.
 *
 * @param rows most rows; more are an error, never cut off
 * @param timeout of the query with all its rows, whole seconds
 * @param fetchSize rows that the driver holds at a time
 */
public record JdbcLimits(int rows, Duration timeout, int fetchSize) {
    public JdbcLimits {
        if (rows < 1 || timeout.toSeconds() < 1 || fetchSize < 1) {
            throw new IllegalArgumentException("row-limit, timeout and fetch-size must be at least 1");
        }
    }

    /** Ten million rows, five minutes, a thousand rows at a time. */
    public static JdbcLimits standard() {
        return new JdbcLimits(10_000_000, Duration.ofMinutes(5), 1_000);
    }
}
