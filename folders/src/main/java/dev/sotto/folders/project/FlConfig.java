package dev.sotto.folders.project;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.folders.Email;
import dev.sotto.folders.LaunchRules;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.FileTrouble;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An {@code fl_config.json}: the keys that people know, and below them those that are ours. Immutable.
 *
 * @param file its name, for messages
 * @param tree as it was written
 * @param projectName what the project is called
 * @param aggregator whose datasite runs it
 * @param participants whose data is asked for
 * @param modelArch file with the architecture in Python: named and shown, never run
 * @param modelClassName class in it, likewise
 * @param modelWeight file with the initial parameters, beside the config
 * @param testDataset file with test examples, in the aggregator's private folder
 * @param rounds to train
 * @param epoch epochs that each participant trains a round
 * @param learningRate of SGD
 * @param batchSize of SGD
 * @param model the architecture, as an experiment has it; empty to infer it from the weights
 * @param contract what a participant's data is like, as an experiment has it; empty where the model tells
 * @param privacy as an experiment has it; empty for none
 * @param minClients participants that are enough to begin, and for a round; empty for the aggregator's usual
 * @param gather how long to wait for approvals; likewise
 * @param round how long participants have in a round; likewise
 */
public record FlConfig(
        String file,
        ObjectNode tree,
        String projectName,
        Email aggregator,
        List<Email> participants,
        Optional<String> modelArch,
        Optional<String> modelClassName,
        String modelWeight,
        Optional<String> testDataset,
        int rounds,
        int epoch,
        double learningRate,
        int batchSize,
        Optional<JsonNode> model,
        Optional<JsonNode> contract,
        Optional<JsonNode> privacy,
        Optional<Integer> minClients,
        Optional<Duration> gather,
        Optional<Duration> round) {
    /** What the file is called. */
    public static final String NAME = "fl_config.json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_PARTICIPANTS = 10_000;
    private static final int MOST_ROUNDS = 100_000;
    private static final int BATCH = 64;
    private static final String FILE_NAME = "[A-Za-z0-9_][A-Za-z0-9._ -]{0,199}";
    private static final String PROJECT = "[^\\p{Cntrl}]{1,100}";
    private static final Map<String, String> ELSEWHERE = Map.of(
            "epochs", "epoch",
            "lr", "learning_rate",
            "batch", "batch_size",
            "clients", "participants",
            "num_rounds", "rounds",
            "weights", "model_weight",
            "quorum", "min_clients",
            "deadline", "round_timeout");

    public FlConfig {
        participants = List.copyOf(participants);
    }

    /**
     * Reads a file.
     *
     * @throws ConfigException in one line: file, key, what is wrong and what would be valid
     */
    public static FlConfig read(Path file) {
        ObjectNode tree = parse(file);
        return new Reader(file.toString(), tree, Section.root(file.toString(), tree, ELSEWHERE)).read();
    }

    private static ObjectNode parse(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new ConfigException(file + ": there is no such file; a project needs one");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new ConfigException(file + ": it has more than " + MOST_BYTES + " bytes");
            }
            JsonNode tree = JSON.readTree(Files.readString(file, StandardCharsets.UTF_8));
            if (tree instanceof ObjectNode object) {
                return object;
            }
            throw new ConfigException(file + ": expected one JSON object with keys and values");
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String reason = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new ConfigException(
                    file + ": " + (at == null ? "" : "line " + at.getLineNr() + ": ") + "not JSON: " + reason);
        } catch (IOException e) {
            throw new ConfigException(FileTrouble.reading(file, e));
        }
    }

    /** How the aggregator waits: as the config says, else as it usually does. */
    public LaunchRules rules(LaunchRules usual) {
        int least = minClients.orElse(Math.min(usual.minClients(), participants.size()));
        return new LaunchRules(
                least,
                gather.orElse(usual.gather()),
                round.orElse(usual.round()),
                usual.enough() == 0 ? 0 : Math.max(least, usual.enough()));
    }

    /** The name of the project's folders: its own, with '-' for what folders cannot be called. */
    public String folderName() {
        String name = projectName.strip().replaceAll("[^A-Za-z0-9._-]+", "-").replaceFirst("^[^A-Za-z0-9]+", "");
        return name.isEmpty() ? "project" : name;
    }

    private record Reader(String file, ObjectNode tree, Section top) {
        FlConfig read() {
            String name = matching("project_name", top.text("project_name"), PROJECT, "1 to 100 characters");
            Email aggregator = email("aggregator", top.text("aggregator"));
            List<Email> participants = participants();
            Optional<String> arch = name("model_arch", Optional.ofNullable(top.text("model_arch", null)));
            Optional<String> className = Optional.ofNullable(top.text("model_class_name", null));
            String weight =
                    name("model_weight", Optional.of(top.text("model_weight"))).orElseThrow();
            Optional<String> test = name("test_dataset", Optional.ofNullable(top.text("test_dataset", null)));
            required("rounds", "how many rounds to train");
            required("epoch", "how many epochs a participant trains a round");
            required("learning_rate", "such as 0.1");
            FlConfig read = new FlConfig(
                    file,
                    tree,
                    name,
                    aggregator,
                    participants,
                    arch,
                    className,
                    weight,
                    test,
                    top.integer("rounds", 1, 1, MOST_ROUNDS),
                    top.integer("epoch", 1, 1, MOST_ROUNDS),
                    top.number("learning_rate", 0, Interval.POSITIVE),
                    top.integer("batch_size", BATCH, 1, 1 << 24),
                    // As experiments have it: names of layers are words, not keys.
                    top.tree("model"),
                    nested("contract"),
                    nested("privacy"),
                    top.integer("min_clients", 1, participants.size()),
                    Optional.ofNullable(top.duration("gather_timeout", null)),
                    Optional.ofNullable(top.duration("round_timeout", null)));
            top.end();
            return read;
        }

        private List<Email> participants() {
            if (!top.isList("participants")) {
                throw top.error(
                        "participants", "expected a list of the email addresses of those whose data is asked for");
            }
            List<Email> all = new ArrayList<>();
            Set<Email> met = new HashSet<>();
            for (String each : top.texts("participants")) {
                Email email = email("participants", each);
                if (!met.add(email)) {
                    throw top.error("participants", email + " is there twice; give each once");
                }
                all.add(email);
            }
            if (all.isEmpty() || all.size() > MOST_PARTICIPANTS) {
                throw top.error("participants", all.size() + " are named; it must be 1 to " + MOST_PARTICIPANTS);
            }
            return all;
        }

        private Email email(String key, String text) {
            try {
                return Email.of(text);
            } catch (ConfigException e) {
                throw top.error(key, e.getMessage());
            }
        }

        private Optional<String> name(String key, Optional<String> text) {
            return text.map(name -> matching(key, name, FILE_NAME, "the name of a file in the folder of the project"));
        }

        private String matching(String key, String text, String form, String valid) {
            if (!text.matches(form)) {
                throw top.error(key, "'" + text.replaceAll("\\p{Cntrl}", "?") + "' is not valid; it must be " + valid);
            }
            return text;
        }

        private void required(String key, String what) {
            if (!top.has(key)) {
                throw top.error(key, "it is required: " + what);
            }
        }

        private Optional<JsonNode> nested(String key) {
            return top.tree(key).map(tree -> SnakeKeys.kebab(file, key, tree));
        }
    }
}
