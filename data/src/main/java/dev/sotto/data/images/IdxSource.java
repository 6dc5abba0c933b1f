package dev.sotto.data.images;

import dev.sotto.data.ByteImages;
import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.DataSource;
import dev.sotto.data.PixelScaling;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import dev.sotto.formats.Idx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Grey images in IDX files, called as MNIST's: {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte} and, if
 * present, the {@code t10k-} pair, each with or without {@code .gz}.
 *
 * @param folder holds the files; relative to the context's root
 */
public record IdxSource(String name, Path folder, Target.Classes classes, PixelScaling scaling) implements DataSource {
    /** True if the folder holds a training pair. */
    public static boolean isIn(Path folder) {
        return find(folder, "train-images", 3).isPresent()
                && find(folder, "train-labels", 1).isPresent();
    }

    @Override
    public DataSet load(DataContext context) {
        Path from = context.root().resolve(folder);
        Optional<Path> testImages = find(from, "t10k-images", 3);
        Optional<Path> testLabels = find(from, "t10k-labels", 1);
        ByteImages train = images(required(from, "train-images", 3), required(from, "train-labels", 1));
        if (testImages.isPresent() != testLabels.isPresent()) {
            throw new DataException(from + ": of the test pair t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte only"
                    + " one is there");
        }
        return new DataSet(name, train, testImages.map(i -> images(i, testLabels.orElseThrow())), from.toString());
    }

    private ByteImages images(Path images, Path labels) {
        Idx.Bytes pixels = read(images, 3);
        List<Integer> dims = pixels.dims();
        if (dims.contains(0)) {
            throw new DataException(images + ": no images, dimensions are " + dims);
        }
        return new ByteImages(
                images + " with " + labels.getFileName(),
                Shape.of(1, dims.get(1), dims.get(2)),
                classes,
                pixels.data(),
                read(labels, 1).data(),
                scaling);
    }

    private static Idx.Bytes read(Path file, int rank) {
        try {
            Idx.Bytes bytes = Idx.read(file);
            if (bytes.dims().size() != rank) {
                throw new DataException(file + ": dimensions are " + bytes.dims() + "; "
                        + (rank == 3 ? "images need (images, height, width)" : "labels need one dimension"));
            }
            return bytes;
        } catch (IOException e) {
            throw DataException.reading(file, e);
        }
    }

    private static Path required(Path folder, String stem, int rank) {
        return find(folder, stem, rank)
                .orElseThrow(() -> new DataException(
                        folder + ": no file " + stem + "-idx" + rank + "-ubyte (or with .gz at the end)"));
    }

    private static Optional<Path> find(Path folder, String stem, int rank) {
        for (String separator : List.of("-", ".")) {
            for (String end : List.of("", ".gz")) {
                Path file = folder.resolve(stem + separator + "idx" + rank + "-ubyte" + end);
                if (Files.isRegularFile(file)) {
                    return Optional.of(file);
                }
            }
        }
        return Optional.empty();
    }
}
