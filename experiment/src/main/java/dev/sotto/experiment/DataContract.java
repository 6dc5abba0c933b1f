package dev.sotto.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.Examples;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.Section;
import dev.sotto.learning.Loss;
import java.util.List;
import java.util.Optional;

/**
 * What a session asks of everybody's data: the shape of an example and what it is labelled with. Immutable.
 *
 * @param features shape of one example
 * @param target its classes, in their order, or how many values
 */
public record DataContract(Shape features, Target target) {
    private static final int MOST_DIMENSIONS = 8;
    private static final int MOST_OUTPUTS = 1_000_000;
    private static final int SHOWN = 8;

    /** What these examples would fulfil. */
    public static DataContract of(Examples examples) {
        return new DataContract(examples.shape(), examples.target());
    }

    /**
     * Reads a contract: {@code features: [1, 28, 28]} with {@code classes} (their names, or how many) or {@code values} (how
     * many).
     *
     * @param file its name, for messages
     * @throws ConfigException naming file and key
     */
    public static DataContract read(String file, JsonNode tree) {
        return read(Section.root(file, tree));
    }

    static DataContract read(Section contract) {
        List<Integer> dims = contract.integers("features");
        if (dims.isEmpty() || dims.size() > MOST_DIMENSIONS) {
            throw contract.error(
                    "features", "expected the shape of an example, such as [1, 28, 28], of at most 8 numbers");
        }
        boolean classes = contract.has("classes");
        if (classes == contract.has("values")) {
            throw contract.error("give classes (their names, or how many) or values (how many)");
        }
        try {
            Target target = classes ? classes(contract) : new Target.Values(count(contract, "values"));
            DataContract read = new DataContract(new Shape(dims), target);
            contract.end();
            return read;
        } catch (ConfigException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw contract.error(e);
        }
    }

    private static Target classes(Section contract) {
        return contract.isList("classes")
                ? Target.Classes.named(contract.texts("classes").toArray(String[]::new))
                : Target.Classes.numbered(count(contract, "classes"));
    }

    private static int count(Section contract, String key) {
        return contract.integer(key, 1, 1, MOST_OUTPUTS);
    }

    /** As {@link #read} takes it. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode dims = json.putArray("features");
        features.dims().forEach(dims::add);
        if (target instanceof Target.Classes classes) {
            ArrayNode names = json.putArray("classes");
            classes.names().forEach(names::add);
        } else {
            json.put("values", outputs());
        }
        return json;
    }

    /** How many scores a model must give: one a class, or one a value. */
    public int outputs() {
        return target instanceof Target.Classes classes ? classes.count() : ((Target.Values) target).size();
    }

    /** Whether examples have classes, rather than values. */
    public boolean hasClasses() {
        return target instanceof Target.Classes;
    }

    /** The loss that suits the target. */
    public Loss loss() {
        return hasClasses() ? Loss.CROSS_ENTROPY : Loss.MEAN_SQUARED_ERROR;
    }

    /** Why examples do not fulfil the contract, in one line; empty if they do. */
    public Optional<String> misfit(Examples examples) {
        if (!examples.shape().equals(features)) {
            return Optional.of("data contract: an example has the shape " + examples.shape()
                    + ", and the session needs " + features);
        }
        if (!examples.target().equals(target)) {
            return Optional.of("data contract: the data has " + words(examples.target()) + ", and the session needs "
                    + words(target));
        }
        return Optional.empty();
    }

    private static String words(Target target) {
        if (target instanceof Target.Classes classes) {
            List<String> names = classes.names();
            String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
            return classes.count() + " classes (" + shown + (names.size() > SHOWN ? ", ...)" : ")");
        }
        return ((Target.Values) target).size() + " target values";
    }

    /** In words, such as {@code 1x28x28, 10 classes (0, 1, ...)}. */
    @Override
    public String toString() {
        return features + ", " + words(target);
    }
}
