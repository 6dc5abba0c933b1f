package dev.sotto.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Examples and their classes in a PyTorch file, as {@code torch.save} writes them: a tuple or list of two tensors; a dict with
 * two under names of the field, such as {@code images} and {@code labels}; or a list of pairs, one an example. Classes may be
 * a list of whole numbers too. Read as {@link Torch} reads, so no pickle code is ever run. The array is not copied.
 *
 * @param shape of all of it: how many examples, then the shape of one
 * @param features row-major
 * @param labels one an example; not negative
 * @param bytes whether the features were bytes, 0 to 255
 */
public record TorchExamples(List<Integer> shape, float[] features, int[] labels, boolean bytes) {
    private static final List<String> FEATURES = List.of("0", "images", "data", "features", "inputs", "x", "X");
    private static final List<String> LABELS = List.of("1", "labels", "targets", "label", "target", "y");
    private static final int MOST_SHOWN = 5;

    public TorchExamples {
        shape = List.copyOf(shape);
    }

    /**
     * Reads a file.
     *
     * @throws FormatException in one line, if it is not such a file, holds anything but examples and classes, or is larger than
     *     the limits
     */
    public static TorchExamples read(Path file, Limits limits) throws IOException {
        return new Reader(file.toString(), Torch.content(file, limits, true)).read();
    }

    /** Writes them as {@code torch.save((images, labels), FILE)} does, whole or not at all; the same bytes every time. */
    public void write(Path file) throws IOException {
        Output.whole(file, out -> TorchWriter.write(this, out));
    }

    private static final class Reader {
        private final String file;
        private final Torch.Content content;
        private final Map<String, Tensor> tensors = new LinkedHashMap<>();

        Reader(String file, Torch.Content content) {
            this.file = file;
            this.content = content;
            content.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
        }

        TorchExamples read() throws FormatException {
            Optional<String> features =
                    FEATURES.stream().filter(tensors::containsKey).findFirst();
            Optional<String> labels = LABELS.stream().filter(this::isLabels).findFirst();
            if (features.isPresent() && labels.isPresent()) {
                return together(tensors.get(features.get()), labels.get());
            }
            if (tensors.containsKey("0.0") && isLabels("0.1")) {
                return pairs();
            }
            throw fail(
                    "archive",
                    "expected examples and their classes, as torch.save((images, labels), FILE) writes them; "
                            + "it holds " + held());
        }

        private boolean isLabels(String name) {
            return tensors.containsKey(name)
                    || content.numbers().containsKey(name)
                    || content.numbers().containsKey(name + ".0");
        }

        private String held() {
            List<String> names = new ArrayList<>(tensors.keySet());
            return (names.size() == 1 ? "tensor " : "tensors ")
                    + String.join(", ", names.subList(0, Math.min(MOST_SHOWN, names.size())))
                    + (names.size() > MOST_SHOWN ? ", ..." : "");
        }

        private TorchExamples together(Tensor features, String labels) throws FormatException {
            if (features.shape().size() < 2) {
                throw fail(
                        "tensor " + features.name(),
                        "its shape is " + features.shape()
                                + "; examples are (examples, channels, height, width) or (examples, values)");
            }
            int count = features.shape().get(0);
            return new TorchExamples(features.shape(), features.data(), labels(labels, count), isBytes(features));
        }

        private boolean isBytes(Tensor features) {
            return content.types().get(features.name()) == TorchType.BYTE;
        }

        private int[] labels(String name, int count) throws FormatException {
            int[] labels = new int[count];
            if (tensors.containsKey(name)) {
                Tensor tensor = tensors.get(name);
                if (!tensor.shape().equals(List.of(count))) {
                    throw fail(
                            "tensor " + name,
                            "its shape is " + tensor.shape() + "; there must be one class for each of the " + count
                                    + " examples");
                }
                for (int i = 0; i < count; i++) {
                    labels[i] = label(tensor, i);
                }
                return labels;
            }
            if (content.numbers().containsKey(name + "." + count)) {
                throw fail(name, "more classes than the " + count + " examples");
            }
            for (int i = 0; i < count; i++) {
                labels[i] = label(name + "." + i);
            }
            return labels;
        }

        private int label(Tensor tensor, int index) throws FormatException {
            if (!content.types().get(tensor.name()).isWhole()) {
                throw fail("tensor " + tensor.name(), "classes are whole numbers, such as int64; these are not");
            }
            return label(tensor.name(), (long) tensor.data()[index]);
        }

        private int label(String name) throws FormatException {
            Tensor scalar = tensors.get(name);
            if (scalar != null) {
                if (scalar.data().length != 1) {
                    throw fail("tensor " + name, "its shape is " + scalar.shape() + "; a class is one number");
                }
                return label(scalar, 0);
            }
            Long number = content.numbers().get(name);
            if (number == null) {
                throw fail(name, "it is missing, or no whole number: each example needs a class");
            }
            return label(name, number);
        }

        private int label(String name, long value) throws FormatException {
            if (value < 0 || value > Integer.MAX_VALUE) {
                throw fail(name, "class " + value + "; classes are counted from 0");
            }
            return (int) value;
        }

        /** One example and its class after the other. */
        private TorchExamples pairs() throws FormatException {
            Tensor first = tensors.get("0.0");
            int count = count();
            int size = first.data().length;
            if ((long) count * size > Integer.MAX_VALUE - 8) {
                throw fail("archive", count + " examples of " + size + " values are more than can be read");
            }
            float[] features = new float[count * size];
            int[] labels = new int[count];
            for (int i = 0; i < count; i++) {
                Tensor own = tensors.get(i + ".0");
                if (!own.shape().equals(first.shape()) || isBytes(own) != isBytes(first)) {
                    throw fail(
                            "tensor " + own.name(),
                            "its shape is " + own.shape() + "; the first example's is " + first.shape()
                                    + ", and all must be alike");
                }
                System.arraycopy(own.data(), 0, features, i * size, size);
                labels[i] = label(i + ".1");
            }
            List<Integer> shape = new ArrayList<>(List.of(count));
            shape.addAll(first.shape());
            if (shape.size() < 2) {
                throw fail("tensor 0.0", "an example is one number; examples are arrays");
            }
            return new TorchExamples(shape, features, labels, isBytes(first));
        }

        private int count() throws FormatException {
            OptionalInt end = IntStream.rangeClosed(0, tensors.size())
                    .filter(i -> !tensors.containsKey(i + ".0"))
                    .findFirst();
            int count = end.orElseThrow();
            if (isLabels(count + ".1")) {
                throw fail(count + ".1", "a class without its example");
            }
            return count;
        }

        private FormatException fail(String place, String reason) {
            return new FormatException(file, place, reason);
        }
    }
}
