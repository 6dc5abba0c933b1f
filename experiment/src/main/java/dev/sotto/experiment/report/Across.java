package dev.sotto.experiment.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A horizontal axis: of numbers, of numbers whose ratios matter, or of words.
 *
 * @param ticks with their positions, 0 at the left end and 1 at the right
 * @param place from a value to its position
 */
record Across(List<Tick> ticks, DoubleUnaryOperator place) {
    private static final double WIDE = 20;

    /** A label and where it stands. */
    record Tick(double position, String label) {}

    static Across of(List<String> words, List<BandPlot.Curve> curves) {
        double[] values = curves.stream()
                .flatMapToDouble(curve -> DoubleStream.of(curve.xs()))
                .toArray();
        if (!words.isEmpty()) {
            return words(words);
        }
        double least = DoubleStream.of(values).min().orElse(0);
        double most = DoubleStream.of(values).max().orElse(1);
        return least > 0 && most / least > WIDE ? ratios(least, most) : numbers(values);
    }

    private static Across words(List<String> words) {
        DoubleUnaryOperator place = i -> words.size() == 1 ? 0.5 : i / (words.size() - 1);
        return new Across(
                IntStream.range(0, words.size())
                        .mapToObj(i -> new Tick(place.applyAsDouble(i), words.get(i)))
                        .toList(),
                place);
    }

    private static Across numbers(double[] values) {
        Scale scale = Scale.over(DoubleStream.of(values), 6);
        return new Across(
                scale.ticks().stream()
                        .map(tick -> new Tick(scale.position(tick), Figures.number(tick)))
                        .toList(),
                scale::position);
    }

    /** Powers of ten, and 2 and 5 times them. */
    private static Across ratios(double least, double most) {
        double low = Math.log10(least);
        double high = Math.log10(most);
        DoubleUnaryOperator place = value -> (Math.log10(value) - low) / (high - low);
        List<Tick> ticks = new ArrayList<>();
        for (int power = (int) Math.floor(low); power <= high; power++) {
            for (int factor : new int[] {1, 2, 5}) {
                double value = factor * Math.pow(10, power);
                double position = place.applyAsDouble(value);
                boolean few = high - low < 2.5 || factor == 1;
                if (few && position > -1e-9 && position < 1 + 1e-9) {
                    ticks.add(new Tick(position, Figures.number(value)));
                }
            }
        }
        return new Across(ticks, place);
    }

    double position(double value) {
        return place.applyAsDouble(value);
    }
}
