package dev.sotto.experiment;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataSource;
import dev.sotto.data.DistinctFiles;
import dev.sotto.data.Holdout;
import dev.sotto.data.PixelScaling;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import dev.sotto.data.generated.DigitsSource;
import dev.sotto.data.images.CifarSource;
import dev.sotto.data.images.IdxSource;
import dev.sotto.data.images.ImageFolderSource;
import dev.sotto.data.named.NamedSource;
import dev.sotto.data.named.Published;
import dev.sotto.data.torch.TorchSource;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Reads {@code data.source} and the keys that go with it. */
final class SourceReader {
    private static final List<String> SOURCES = List.of(
            "digits", "generated", "mnist", "fashion-mnist", "cifar10", "idx", "cifar", "pt", "csv", "images", "jdbc");
    private static final Interval SHARE = new Interval(0, 0.9, false);

    private final Section data;
    private final String name;
    private final boolean guarded;
    private final Optional<Path> path;

    private SourceReader(Section data, String source, boolean guarded, Optional<String> usualPath) {
        this.data = data;
        this.guarded = guarded;
        this.name = data.text("name", source);
        this.path =
                Optional.ofNullable(data.text("path", usualPath.orElse(null))).map(Path::of);
    }

    /** Reads the source of an experiment on this machine. */
    static DataSource read(Section data, long seed, boolean guarded) {
        return read(data, seed, guarded, Optional.empty(), System::getenv);
    }

    /**
     * Reads a source.
     *
     * @param guarded whether examples are protected
     * @param usualPath where files are if the section does not say
     * @param environment values of environment variables by name
     */
    static DataSource read(
            Section data, long seed, boolean guarded, Optional<String> usualPath, UnaryOperator<String> environment) {
        String source = data.choice("source", SOURCES, "digits");
        SourceReader reader = new SourceReader(data, source, guarded, usualPath);
        return switch (source) {
            case "digits" -> reader.digits(seed);
            case "generated" -> GeneratedReader.read(data, seed);
            case "idx" -> reader.idx();
            case "cifar" -> reader.cifar();
            case "images" -> reader.images(seed);
            case "pt" -> reader.torch(seed);
            case "csv" -> reader.table(seed);
            case "jdbc" -> JdbcReader.read(data, reader.name, reader.holdout(seed), environment);
            default -> reader.named(Published.parse(source));
        };
    }

    private DataSource digits(long seed) {
        return new DigitsSource(
                data.integer("train", 10_000, 1, 10_000_000),
                data.integer("test", 2_000, 1, 10_000_000),
                seed,
                scaling(PixelScaling.unit()));
    }

    private DataSource named(Published published) {
        NamedSource source = NamedSource.of(published).scaledBy(scaling(published.scaling()));
        return path.map(source::in).orElse(source);
    }

    private DataSource idx() {
        Target.Classes classes = classes();
        PixelScaling scaling = scaling(PixelScaling.unit());
        return in(folder -> new IdxSource(name, folder, classes, scaling));
    }

    private DataSource cifar() {
        Target.Classes classes = classes();
        PixelScaling scaling = scaling(PixelScaling.unit());
        return in(folder -> new CifarSource(name, folder, classes, scaling));
    }

    private DataSource torch(long seed) {
        List<Path> files = data.texts("files").stream().map(Path::of).toList();
        List<Path> test = data.texts("test-files").stream().map(Path::of).toList();
        Target.Classes classes = classes();
        PixelScaling scaling = scaling(PixelScaling.unit());
        Holdout holdout = holdout(seed);
        // Public test data alone: the path itself as both.
        boolean both = files.equals(test) && files.equals(List.of(Path.of("")));
        return in((context, folder) -> {
            if (!both) {
                requireDistinct(context, folder, files, test);
            }
            return new TorchSource(
                    name,
                    files.isEmpty() ? List.of(folder) : in(folder, files),
                    in(folder, test),
                    holdout,
                    classes,
                    scaling);
        });
    }

    private DataSource table(long seed) {
        Function<Path, DataSource> table = TableReader.read(data, name, holdout(seed));
        List<Path> files = data.texts("files").stream().map(Path::of).toList();
        List<Path> test = data.texts("test-files").stream().map(Path::of).toList();
        return in((context, folder) -> {
            requireDistinct(context, folder, files, test);
            return table.apply(folder);
        });
    }

    private void requireDistinct(DataContext context, Path folder, List<Path> files, List<Path> test) {
        Path root = context.root().resolve(folder);
        DistinctFiles.repeated(in(root, files)).ifPresent(file -> {
            throw data.error("files", file + " is named twice, by this or another name" + DistinctFiles.TWICE);
        });
        DistinctFiles.repeated(in(root, test)).ifPresent(file -> {
            throw data.error("test-files", file + " is named twice, by this or another name; name it once");
        });
        DistinctFiles.shared(in(root, test), in(root, files)).ifPresent(file -> {
            throw data.error("test-files", file + " is among data.files too" + DistinctFiles.BOTH);
        });
    }

    private static List<Path> in(Path folder, List<Path> files) {
        return files.stream().map(folder::resolve).toList();
    }

    private DataSource images(long seed) {
        List<Integer> shape = data.integers("shape");
        if (shape.size() != 3) {
            throw data.error("shape", "images need [channels, height, width], such as [3, 32, 32]");
        }
        PixelScaling scaling = scaling(PixelScaling.unit());
        Holdout holdout = holdout(seed);
        return in(folder -> new ImageFolderSource(name, folder, new Shape(shape), scaling, holdout));
    }

    /** Rows that owners hold become public test rows only if the experiment says so, or where nothing is protected. */
    private Holdout holdout(long seed) {
        double otherwise = guarded || data.has("test-files") ? 0 : 0.2;
        return new Holdout(data.number("test-fraction", otherwise, SHARE), seed);
    }

    private Target.Classes classes() {
        List<String> names = data.texts("classes");
        if (names.size() == 1 && names.get(0).matches("\\d{1,6}")) {
            return Target.Classes.numbered(Integer.parseInt(names.get(0)));
        }
        return names.isEmpty() ? Target.Classes.numbered(10) : Target.Classes.named(names.toArray(String[]::new));
    }

    private PixelScaling scaling(PixelScaling otherwise) {
        if (data.isSection("scaling")) {
            Section scaling = data.section("scaling");
            PixelScaling read = PixelScaling.of(
                    scaling.number("mean", 0, Interval.FINITE), scaling.number("std", 1, Interval.POSITIVE));
            scaling.end();
            return read;
        }
        String kind = data.choice("scaling", List.of("published", "unit", "symmetric"), "published");
        return switch (kind) {
            case "unit" -> PixelScaling.unit();
            case "symmetric" -> PixelScaling.symmetric();
            default -> otherwise;
        };
    }

    /** A source whose folder is known when it is loaded: data.path, or the folder of its name in $SOTTO_DATA. */
    private DataSource in(Function<Path, DataSource> source) {
        return in((context, folder) -> source.apply(folder));
    }

    private DataSource in(BiFunction<DataContext, Path, DataSource> source) {
        return context -> source.apply(context, folder(context)).load(context);
    }

    private Path folder(DataContext context) {
        Optional<Path> named =
                context.sottoData().map(all -> all.toAbsolutePath().resolve(name));
        return path.or(() -> named)
                .orElseThrow(() -> new ConfigException("data.path: it is required for source " + name
                        + ", or set SOTTO_DATA to a folder that has a folder " + name));
    }
}
