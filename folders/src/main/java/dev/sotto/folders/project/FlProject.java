package dev.sotto.folders.project;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import dev.sotto.experiment.CentralTestData;
import dev.sotto.experiment.DataContract;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.experiment.run.InferredModel;
import dev.sotto.experiment.run.ModelImport;
import dev.sotto.folders.Launch;
import dev.sotto.folders.LaunchRules;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.Section;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelCodec;
import dev.sotto.learning.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A project's folder: its config and its weights, read as data. Immutable. */
public final class FlProject {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Path folder;
    private final FlConfig config;
    private final ModelImport weights;
    private final Optional<DataContract> contract;

    private FlProject(Path folder, FlConfig config, ModelImport weights) {
        this.folder = folder;
        this.config = config;
        this.weights = weights;
        this.contract =
                config.contract().map(tree -> attempt(() -> DataContract.read(config.file() + ": contract", tree)));
    }

    /**
     * Reads a folder.
     *
     * @throws ConfigException in one line, if config or weights are missing or cannot be used
     */
    public static FlProject read(Path folder) {
        FlConfig config = FlConfig.read(folder.resolve(FlConfig.NAME));
        Path file = folder.resolve(config.modelWeight());
        if (!Files.isRegularFile(file)) {
            throw new ConfigException(config.file() + ": model_weight: there is no file " + file
                    + "; give the initial weights, as a .pt, .npz or .safetensors");
        }
        config.modelArch().ifPresent(arch -> {
            if (!Files.isRegularFile(folder.resolve(arch))) {
                throw new ConfigException(config.file() + ": model_arch: there is no file " + folder.resolve(arch)
                        + "; it is only shown to people, so the key may be left out");
            }
        });
        try {
            return new FlProject(folder, config, ModelImport.read(file));
        } catch (IOException e) {
            throw new ConfigException(e.getMessage());
        }
    }

    /** Its config. */
    public FlConfig config() {
        return config;
    }

    /**
     * The model that the config or the weights' file states; empty if neither does.
     *
     * @throws ConfigException in one line, if the weights do not fit it
     */
    public Optional<ModelSpec> stated() {
        return config.model()
                .map(tree -> model(tree, config.file() + ": model"))
                .or(weights::stated);
    }

    /** The models that the weights alone fit. */
    public List<InferredModel> inferred() {
        return weights.inferred(contract.map(DataContract::features));
    }

    /**
     * A model by name or in layers, for the weights.
     *
     * @param tree a preset's name, or keys as an experiment's {@code model} has them
     * @param place what messages call where it stands
     * @throws ConfigException in one line, if the weights do not fit it
     */
    public ModelSpec model(JsonNode tree, String place) {
        List<Shape> inputs = contract.map(known -> List.of(known.features())).orElseGet(weights::inputs);
        int outputs =
                contract.map(DataContract::outputs).orElse(weights.outputs().orElse(1));
        Loss loss = contract.map(DataContract::loss).orElse(Loss.CROSS_ENTROPY);
        Optional<IllegalArgumentException> first = Optional.empty();
        for (Shape input : inputs) {
            try {
                ObjectNode parent = JSON.objectNode().set("model", tree);
                ModelSpec spec = ModelCodec.read(Section.root(place, parent), input, outputs, loss, "");
                weights.parameters(spec);
                return spec;
            } catch (IllegalArgumentException e) {
                first = first.or(() -> Optional.of(e));
            }
        }
        String reason = first.map(IllegalArgumentException::getMessage)
                .orElse("the weights do not tell what it takes; give the key contract: features and classes");
        throw new ConfigException(reason.startsWith(place) ? reason : place + ": " + reason);
    }

    /** What should be said to whoever launches it: what owners will mind. */
    public Optional<String> warning() {
        return config.privacy().isPresent()
                ? Optional.empty()
                : Optional.of(
                        config.file()
                                + ": privacy: it is not set, so updates would leave without noise, and owners refuse"
                                + " that unless their policy says require: none; add \"privacy\": {\"example_level\": {\"epsilon\": 3}}");
    }

    /** The config with the model and what it takes stated, so that nothing is left to infer. */
    public ObjectNode stating(ModelSpec model, Optional<String> preset) {
        ObjectNode tree = config.tree().deepCopy();
        tree.set("model", preset.<JsonNode>map(JSON::textNode).orElseGet(() -> ModelCodec.write(model)));
        tree.set("contract", contract(model).json());
        return tree;
    }

    private DataContract contract(ModelSpec model) {
        return contract.orElseGet(() -> new DataContract(model.input(), Target.Classes.numbered(model.outputs())));
    }

    /**
     * What an aggregator launches.
     *
     * @param project name of its folders
     * @param usual how the aggregator waits where the config does not say
     * @param testFolder where test data lies
     * @throws ConfigException in one line, naming the key
     */
    public Launch launch(String project, ModelSpec model, LaunchRules usual, Path testFolder) {
        DataContract asked = contract(model);
        SessionDraft draft = attempt(() -> SessionDraft.of(
                config.file(), terms(model), asked.json(), config.participants().size()));
        Optional<ObjectNode> test = config.testDataset().map(name -> testData(name, asked, testFolder));
        List<Path> shown = Stream.concat(Stream.of(FlConfig.NAME, config.modelWeight()), config.modelArch().stream())
                .map(folder::resolve)
                .toList();
        return new Launch(
                project,
                config.participants(),
                draft,
                weights.parameters(draft.model()),
                attempt(() -> config.rules(usual)),
                test,
                shown);
    }

    /** SGD and the mean of all updates, each as much as any other: as fl_client and fl_aggregator do. */
    private ObjectNode terms(ModelSpec model) {
        ObjectNode terms = JSON.objectNode().put("name", config.projectName());
        terms.set("model", ModelCodec.write(model));
        terms.put("rounds", config.rounds());
        ObjectNode client =
                terms.putObject("client").put("epochs", config.epoch()).put("batch-size", config.batchSize());
        client.putObject("optimizer").put("name", "sgd").put("learning-rate", config.learningRate());
        terms.putObject("server").put("weighting", "uniform");
        config.privacy().ifPresent(privacy -> terms.set("privacy", privacy));
        return terms;
    }

    private ObjectNode testData(String name, DataContract asked, Path testFolder) {
        String place = config.file() + ": test_dataset";
        Path file = testFolder.resolve(name).toAbsolutePath();
        ObjectNode section =
                JSON.objectNode().put("source", "pt").put("name", name).put("path", file.toString());
        section.putArray("files").add("");
        section.putArray("test-files").add("");
        if (asked.target() instanceof Target.Classes classes) {
            List<String> names = new ArrayList<>(classes.names());
            if (classes.equals(Target.Classes.numbered(classes.count()))) {
                section.put("classes", classes.count());
            } else {
                names.forEach(section.putArray("classes")::add);
            }
        }
        try {
            asked.misfit(CentralTestData.load(place, section, DataContext.ofSystem())
                            .train())
                    .ifPresent(reason -> {
                        throw new ConfigException(place + ": " + reason);
                    });
        } catch (DataException e) {
            throw new ConfigException(place + ": " + e.getMessage());
        }
        return section;
    }

    private interface Reading<T> {
        T read();
    }

    private <T> T attempt(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IllegalArgumentException e) {
            throw SnakeKeys.snake(config.file(), e);
        }
    }
}
