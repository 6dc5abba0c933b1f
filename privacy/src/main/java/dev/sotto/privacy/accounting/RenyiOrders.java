package dev.sotto.privacy.accounting;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The orders at which Renyi divergences are kept. */
final class RenyiOrders {
    /** 1.1 to 10.9 in tenths, 11 to 63, 128, 256, 512, 1024. */
    private static final double[] STANDARD = DoubleStream.concat(
                    IntStream.rangeClosed(11, 109).mapToDouble(tenths -> tenths / 10.0),
                    DoubleStream.concat(
                            IntStream.rangeClosed(11, 63).asDoubleStream(), DoubleStream.of(128, 256, 512, 1024)))
            .toArray();

    private RenyiOrders() {}

    static double[] standard() {
        return STANDARD.clone();
    }
}
