package dev.sotto.data.named;

import dev.sotto.data.DataException;
import dev.sotto.data.DataSource;
import dev.sotto.data.PixelScaling;
import dev.sotto.data.Target;
import dev.sotto.data.images.CifarSource;
import dev.sotto.data.images.IdxSource;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The data sets that go by a name, with their files, sizes and hashes as published, and their public constants. */
public final class Published {
    /** LeCun, Cortes, Burges: handwritten digits, 60,000 and 10,000 of 1 x 28 x 28. */
    public static final Published MNIST = new Published(
            "mnist",
            Target.Classes.numbered(10),
            PixelScaling.of(0.1307, 0.3081),
            idx(
                    "https://ossci-datasets.s3.amazonaws.com/mnist/",
                    List.of(9_912_422L, 28_881L, 1_648_877L, 4_542L),
                    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"));

    /** Xiao, Rasul, Vollgraf 2017: clothes, the same sizes as MNIST. */
    public static final Published FASHION_MNIST = new Published(
            "fashion-mnist",
            Target.Classes.named(
                    "t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"),
            PixelScaling.of(0.2860, 0.3530),
            idx(
                    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
                    List.of(26_421_880L, 29_515L, 4_422_102L, 5_148L),
                    "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                    "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                    "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                    "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"));

    /** Krizhevsky 2009: photographs, 50,000 and 10,000 of 3 x 32 x 32. */
    public static final Published CIFAR10 = new Published(
            "cifar10",
            Target.Classes.named(
                    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
            new PixelScaling(List.of(0.4914, 0.4822, 0.4465), List.of(0.2470, 0.2435, 0.2616)),
            List.of(new PublishedFile(
                    "cifar-10-binary.tar.gz",
                    "https://www.cs.toronto.edu/~kriz/",
                    170_052_171L,
                    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")));

    private static final List<Published> ALL = List.of(MNIST, FASHION_MNIST, CIFAR10);

    private final String label;
    private final Target.Classes classes;
    private final PixelScaling scaling;
    private final List<PublishedFile> files;

    private Published(String label, Target.Classes classes, PixelScaling scaling, List<PublishedFile> files) {
        this.label = label;
        this.classes = classes;
        this.scaling = scaling;
        this.files = files;
    }

    /** The name in experiment files, "fashion-mnist". */
    public String label() {
        return label;
    }

    public Target.Classes classes() {
        return classes;
    }

    /** Mean and std as published with the data set: public constants. */
    public PixelScaling scaling() {
        return scaling;
    }

    /** The data set of this name. */
    public static Published parse(String label) {
        return ALL.stream()
                .filter(published -> published.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new DataException("no published data set is called '" + label + "'; there are "
                        + ALL.stream().map(Published::label).collect(Collectors.joining(", "))));
    }

    PublishedFolder folder() {
        String onDisk = this == CIFAR10
                ? "data_batch_1.bin to data_batch_5.bin and test_batch.bin"
                : files.stream().map(PublishedFile::name).collect(Collectors.joining(", "));
        return new PublishedFolder(label, files, onDisk, this == CIFAR10 ? CifarSource::isIn : IdxSource::isIn);
    }

    DataSource source(Path folder, PixelScaling scaledBy) {
        return this == CIFAR10
                ? new CifarSource(label, folder, classes, scaledBy)
                : new IdxSource(label, folder, classes, scaledBy);
    }

    @Override
    public String toString() {
        return label;
    }

    private static List<PublishedFile> idx(String base, List<Long> sizes, String... hashes) {
        List<String> names = List.of(
                "train-images-idx3-ubyte.gz",
                "train-labels-idx1-ubyte.gz",
                "t10k-images-idx3-ubyte.gz",
                "t10k-labels-idx1-ubyte.gz");
        return IntStream.range(0, 4)
                .mapToObj(i -> new PublishedFile(names.get(i), base, sizes.get(i), hashes[i]))
                .toList();
    }
}
