package dev.sotto.experiment.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A linear axis with ticks at 1, 2 or 5 times a power of ten (Heckbert, "Nice numbers for graph labels", Graphics Gems,
 * 1990).
 *
 * @param min its lower end
 * @param max its upper end, above {@code min}
 * @param step distance of the ticks
 */
record Scale(double min, double max, double step) {

    /** An axis that holds all finite values, with about that many ticks; its ends are ticks. */
    static Scale over(DoubleStream values, int ticks) {
        double[] finite = values.filter(Double::isFinite).toArray();
        double low = DoubleStream.of(finite).min().orElse(0);
        double high = DoubleStream.of(finite).max().orElse(1);
        if (high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high))) {
            double room = low == 0 ? 1 : Math.abs(low) / 10;
            low -= low >= 0 ? Math.min(low, room) : room;
            high += room;
        }
        double step = nice((high - low) / Math.max(1, ticks - 1));
        return new Scale(Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step, step);
    }

    /** The same within bounds that the quantity cannot pass, as a share cannot pass 1. */
    Scale within(double least, double most) {
        double low = Math.max(min, least);
        double high = Math.min(max, most);
        return low < high ? new Scale(low, high, step) : this;
    }

    /** The nearest of 1, 2, 5 times a power of ten. */
    private static double nice(double raw) {
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double fraction = raw / power;
        double rounded = fraction < 1.5 ? 1 : fraction < 3 ? 2 : fraction < 7 ? 5 : 10;
        return rounded * power;
    }

    /** Positions of the ticks, within the ends. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(min / step - 1e-9); i * step <= max + 1e-9 * step; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** Digits after the point that tell neighbouring ticks apart. */
    int decimals() {
        return Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
    }

    /** Where a value lies: 0 at the lower end, 1 at the upper. */
    double position(double value) {
        return (value - min) / (max - min);
    }
}
