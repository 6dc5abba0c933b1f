package dev.sotto.data.images;

import dev.sotto.data.ByteImages;
import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.DataSource;
import dev.sotto.data.DistinctFiles;
import dev.sotto.data.PixelScaling;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import dev.sotto.formats.Cifar;
import dev.sotto.formats.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * 3 x 32 x 32 colour images in CIFAR-10's binary layout: {@code data_batch_*.bin} and, if present,
 * {@code test_batch*.bin}, each with or without {@code .gz}, read in the order of their names.
 *
 * @param folder holds the files; relative to the context's root
 */
public record CifarSource(String name, Path folder, Target.Classes classes, PixelScaling scaling)
        implements DataSource {
    private static final Pattern TRAIN = Pattern.compile("data_batch_.*\\.bin(\\.gz)?");
    private static final Pattern TEST = Pattern.compile("test_batch.*\\.bin(\\.gz)?");

    /** True if the folder holds training batches. */
    public static boolean isIn(Path folder) {
        return !find(folder, TRAIN).isEmpty();
    }

    @Override
    public DataSet load(DataContext context) {
        Path from = context.root().resolve(folder);
        List<Path> train = find(from, TRAIN);
        List<Path> test = find(from, TEST);
        if (train.isEmpty()) {
            throw new DataException(from + ": no files data_batch_*.bin (or with .gz at the end)");
        }
        DistinctFiles.require(train, test);
        return new DataSet(
                name, images(train), test.isEmpty() ? Optional.empty() : Optional.of(images(test)), from.toString());
    }

    private ByteImages images(List<Path> files) {
        Shape shape = Shape.of(3, 32, 32);
        byte[] labels = new byte[0];
        byte[] pixels = new byte[0];
        for (Path file : files) {
            try {
                Cifar.Records records = Cifar.read(file, classes.count(), Limits.standard());
                int size = labels.length;
                if (((long) size + records.size()) * shape.size() > Integer.MAX_VALUE - 8) {
                    throw new DataException(file + ": with the batches before it more than 2 GiB of images");
                }
                labels = Arrays.copyOf(labels, size + records.size());
                pixels = Arrays.copyOf(pixels, labels.length * shape.size());
                System.arraycopy(records.labels(), 0, labels, size, records.size());
                System.arraycopy(records.pixels(), 0, pixels, size * shape.size(), records.pixels().length);
            } catch (IOException e) {
                throw DataException.reading(file, e);
            }
        }
        return new ByteImages(name, shape, classes, pixels, labels, scaling);
    }

    /** Files by name; of a file and its gzipped twin, the plain one. */
    private static List<Path> find(Path folder, Pattern pattern) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        Map<String, Path> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.sorted().forEach(file -> {
                String fileName = String.valueOf(file.getFileName());
                if (pattern.matcher(fileName).matches()) {
                    found.putIfAbsent(
                            fileName.endsWith(".gz") ? fileName.substring(0, fileName.length() - 3) : fileName, file);
                }
            });
        } catch (IOException e) {
            throw DataException.reading(folder, e);
        }
        return new ArrayList<>(found.values());
    }
}
