package dev.sotto.data.images;

import dev.sotto.data.ByteImages;
import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.DataSource;
import dev.sotto.data.DistinctFiles;
import dev.sotto.data.Holdout;
import dev.sotto.data.PixelScaling;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * PNG and JPEG pictures in one sub-folder per class, resized to one shape. If the folder has a sub-folder
 * {@code train}, the classes are inside that, and test pictures in {@code test} beside it; otherwise the classes are
 * directly inside and {@code holdout} sets test pictures aside. Classes and pictures are in the order of their names.
 *
 * @param folder relative to the context's root
 * @param shape (1 or 3 channels, height, width) to which every picture is brought
 */
public record ImageFolderSource(String name, Path folder, Shape shape, PixelScaling scaling, Holdout holdout)
        implements DataSource {
    private static final int MOST_CLASSES = 256;

    public ImageFolderSource {
        if (shape.rank() != 3 || (shape.dims().get(0) != 1 && shape.dims().get(0) != 3)) {
            throw new DataException(
                    name + ": pictures need a shape of 1 or 3 channels, height and width, not " + shape);
        }
    }

    @Override
    public DataSet load(DataContext context) {
        Path from = context.root().resolve(folder);
        Path train = from.resolve("train");
        if (!Files.isDirectory(train)) {
            List<String> classes = classes(from);
            Pictures own = pictures(from, classes);
            DistinctFiles.require(own.files(), List.of());
            return holdout.split(name, images(from, own, classes), from.toString());
        }
        List<String> classes = classes(train);
        Path test = from.resolve("test");
        Pictures own = pictures(train, classes);
        if (!Files.isDirectory(test)) {
            DistinctFiles.require(own.files(), List.of());
            return holdout.split(name, images(train, own, classes), from.toString());
        }
        for (String found : classes(test)) {
            if (!classes.contains(found)) {
                throw new DataException(test + ": class " + found + " is not among the training classes " + classes);
            }
        }
        Pictures others = pictures(test, classes);
        DistinctFiles.require(own.files(), others.files());
        return new DataSet(
                name, images(train, own, classes), Optional.of(images(test, others, classes)), from.toString());
    }

    /** Files, and the number of the class of each. */
    private record Pictures(List<Path> files, List<Integer> labels) {}

    private static List<String> classes(Path folder) {
        List<String> classes = list(folder).stream()
                .filter(Files::isDirectory)
                .map(path -> String.valueOf(path.getFileName()))
                .filter(found -> !found.startsWith("."))
                .toList();
        if (classes.isEmpty() || classes.size() > MOST_CLASSES) {
            throw new DataException(
                    folder + ": " + classes.size() + " sub-folders; one per class is needed, at most " + MOST_CLASSES);
        }
        return classes;
    }

    private static Pictures pictures(Path from, List<String> classes) {
        List<Path> files = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int k = 0; k < classes.size(); k++) {
            Path inside = from.resolve(classes.get(k));
            for (Path file : Files.isDirectory(inside) ? list(inside) : List.<Path>of()) {
                if (isPicture(file)) {
                    files.add(file);
                    labels.add(k);
                }
            }
        }
        return new Pictures(files, labels);
    }

    private ByteImages images(Path from, Pictures pictures, List<String> classes) {
        List<Path> files = pictures.files();
        if ((long) files.size() * shape.size() > Integer.MAX_VALUE - 8) {
            throw new DataException(from + ": " + files.size() + " pictures of " + shape + " are more than 2 GiB");
        }
        byte[] pixels = new byte[files.size() * shape.size()];
        byte[] bytes = new byte[files.size()];
        IntStream.range(0, files.size()).parallel().forEach(i -> {
            bytes[i] = (byte) (int) pictures.labels().get(i);
            List<Integer> dims = shape.dims();
            Picture.read(files.get(i), dims.get(0), dims.get(1), dims.get(2), pixels, i * shape.size());
        });
        Target.Classes target = new Target.Classes(classes.size(), classes);
        return new ByteImages(from.toString(), shape, target, pixels, bytes, scaling);
    }

    private static boolean isPicture(Path file) {
        String lower = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return !lower.startsWith(".") && (lower.endsWith(".png") || lower.endsWith(".jpg") || lower.endsWith(".jpeg"));
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw DataException.reading(folder, e);
        }
    }
}
