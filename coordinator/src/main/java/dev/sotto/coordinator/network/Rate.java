package dev.sotto.coordinator.network;

/** So many at once, and then so many a second. Thread-safe. */
final class Rate {
    private final double burst;
    private final double perSecond;
    private double left;
    private long refilled = System.nanoTime();

    Rate(double burst, double perSecond) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.left = burst;
    }

    /** Whether one more is within. */
    synchronized boolean allows() {
        long now = System.nanoTime();
        left = Math.min(burst, left + perSecond * (now - refilled) / 1e9);
        refilled = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
