package dev.sotto.data.torch;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.DataSource;
import dev.sotto.data.DistinctFiles;
import dev.sotto.data.Examples;
import dev.sotto.data.Grouping;
import dev.sotto.data.Holdout;
import dev.sotto.data.PixelScaling;
import dev.sotto.data.Shape;
import dev.sotto.data.TableExamples;
import dev.sotto.data.Target;
import dev.sotto.formats.Limits;
import dev.sotto.formats.TorchExamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Examples with classes from PyTorch's files, such as {@code mnist_label_7.pt}: see {@link TorchExamples} for their forms. The
 * examples know their groups by "file". Images without a channel get one; bytes become shares of 255; then each value x
 * becomes (x - mean) / std.
 *
 * @param train files, or folders whose {@code .pt} files are read in the order of their names, relative to the context's root
 * @param test the same with test examples; if empty, {@code holdout} sets some aside
 */
public record TorchSource(
        String name, List<Path> train, List<Path> test, Holdout holdout, Target.Classes classes, PixelScaling scaling)
        implements DataSource {
    /** More in one file are more than arrays hold. */
    private static final Limits LIMITS = new Limits(1L << 31, 100_000);

    private static final int MOST_DIMENSIONS = 4;

    public TorchSource {
        train = List.copyOf(train);
        test = List.copyOf(test);
        if (!test.isEmpty() && holdout.fraction() > 0) {
            throw new DataException(name + ": give test files or a test fraction, not both");
        }
    }

    @Override
    public DataSet load(DataContext context) {
        List<Path> testFiles = files(test, context.root(), List.of());
        // Test data alone stands for both.
        List<Path> trainFiles = train.equals(test) ? testFiles : files(train, context.root(), testFiles);
        DistinctFiles.require(trainFiles, train.equals(test) ? List.of() : testFiles);
        String origin = String.join(", ", train.stream().map(Path::toString).toList());
        Examples examples = read(trainFiles);
        if (testFiles.isEmpty()) {
            return holdout.split(name, examples, origin);
        }
        Examples tested = trainFiles.equals(testFiles) ? examples : read(testFiles);
        return new DataSet(name, examples, Optional.of(tested), origin);
    }

    private static List<Path> files(List<Path> named, Path root, List<Path> besides) {
        List<Path> files = new ArrayList<>();
        for (Path each : named) {
            Path place = root.resolve(each);
            if (!Files.isDirectory(place)) {
                files.add(place);
                continue;
            }
            List<Path> inside = inside(place).stream()
                    .filter(file -> !besides.contains(file))
                    .toList();
            if (inside.isEmpty()) {
                throw new DataException(place + ": no .pt file in it, such as mnist_label_0.pt");
            }
            files.addAll(inside);
        }
        return files;
    }

    private static List<Path> inside(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".pt"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw DataException.reading(folder, e);
        }
    }

    private Examples read(List<Path> files) {
        List<TorchExamples> parts = new ArrayList<>();
        Shape shape = null;
        long count = 0;
        for (Path file : files) {
            TorchExamples part = open(file);
            Shape own = shape(file, part);
            if (shape != null && !shape.equals(own)) {
                throw new DataException(file + ": its examples have the shape " + own + ", and those of " + files.get(0)
                        + " have " + shape + "; all must be alike");
            }
            shape = own;
            count += part.labels().length;
            parts.add(part);
        }
        if (count * shape.size() > Integer.MAX_VALUE - 8) {
            throw new DataException(
                    name + ": " + count + " examples of " + shape + " are more than one array can hold");
        }
        return joined(files, parts, shape, (int) count);
    }

    private static TorchExamples open(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new DataException(file + ": no such file; give a .pt file with images and their classes");
            }
            return TorchExamples.read(file, LIMITS);
        } catch (IOException e) {
            throw DataException.reading(file, e);
        }
    }

    private static Shape shape(Path file, TorchExamples part) {
        List<Integer> all = part.shape();
        if (all.contains(0) || all.size() > MOST_DIMENSIONS) {
            throw new DataException(
                    file + ": an array of " + all
                            + "; examples are (examples, channels, height, width), (examples, height, width) or (examples, values)");
        }
        List<Integer> own = new ArrayList<>(all.subList(1, all.size()));
        if (own.size() == 2) {
            own.add(0, 1);
        }
        return new Shape(own);
    }

    private Examples joined(List<Path> files, List<TorchExamples> parts, Shape shape, int count) {
        float[] features = new float[count * shape.size()];
        int[] labels = new int[count];
        int[] groups = new int[count];
        int at = 0;
        for (int k = 0; k < parts.size(); k++) {
            TorchExamples part = parts.set(k, null);
            int own = part.labels().length;
            scale(part, shape, features, at * shape.size());
            System.arraycopy(part.labels(), 0, labels, at, own);
            Arrays.fill(groups, at, at + own, k);
            at += own;
        }
        List<String> names = files.stream().map(Path::toString).toList();
        return TableExamples.classified(names.size() == 1 ? names.get(0) : name, shape, classes, features, labels)
                .withGroupings(List.of(new Grouping("file", names, groups)));
    }

    private void scale(TorchExamples part, Shape shape, float[] into, int offset) {
        int channels = shape.rank() == 3 ? shape.dims().get(0) : 1;
        if (scaling.mean().size() != 1 && scaling.mean().size() != channels) {
            throw new DataException(
                    name + ": scaling has " + scaling.mean().size() + " channels, the examples have " + channels);
        }
        int plane = shape.size() / channels;
        double whole = part.bytes() ? 255 : 1;
        for (int i = 0; i < part.features().length; i++) {
            int c = scaling.mean().size() == 1 ? 0 : i / plane % channels;
            into[offset + i] =
                    (float) ((part.features()[i] / whole - scaling.mean().get(c))
                            / scaling.std().get(c));
        }
    }
}
