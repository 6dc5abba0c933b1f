package dev.sotto.owner.desk;

import dev.sotto.data.DataContext;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.OwnerData;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.Section;
import dev.sotto.owner.policy.OwnerPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A {@code node.yaml}: which data a node offers, what its owner allows, and what the node may take of its machine.
 *
 * @param name of the file, for messages
 * @param dataSet the owner's id of the data, which the ledger goes by
 * @param inherits data sets that share examples with it, so that what was spent on them is spent on it
 * @param testData whether the owner says that nobody's privacy is at stake
 * @param data where the examples come from
 * @param mock where examples come from that are nobody's, to try requests on; empty to have them generated
 * @param policy what the owner allows
 * @param limits what the node may take
 * @param context of the machine, with relative paths starting from the file
 */
public record OwnerFile(
        String name,
        String dataSet,
        List<String> inherits,
        boolean testData,
        OwnerData data,
        Optional<OwnerData> mock,
        OwnerPolicy policy,
        OwnerLimits limits,
        DataContext context) {
    /** What an id may be: it appears in ledgers and log lines. */
    private static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

    public OwnerFile {
        inherits = List.copyOf(inherits);
    }

    /**
     * Reads a file.
     *
     * @throws ConfigException in one line, naming file and key, and what would be valid
     */
    public static OwnerFile read(Path file) {
        ExperimentFile yaml = ExperimentFile.read(file);
        Section top = Section.root(yaml.name(), yaml.tree());
        OwnerFile read = read(yaml.name(), top, yaml.context());
        top.end();
        return read;
    }

    /**
     * Reads its keys from a file that has others too; the caller ends the section.
     *
     * @param file what messages call it
     * @param context of the machine, with relative paths starting from the file
     * @throws ConfigException in one line, naming file and key, and what would be valid
     */
    public static OwnerFile read(String file, Section top, DataContext context) {
        String dataSet = id(top, "data-set", top.text("data-set"));
        List<String> inherits = top.texts("inherits");
        inherits.forEach(each -> id(top, "inherits", each));
        boolean testData = top.flag("test-data", false);
        if (!top.isSection("data")) {
            throw top.error("data", "it is required: where the examples come from, with the keys of an experiment");
        }
        OwnerData data = OwnerData.read(top.section("data"));
        Optional<OwnerData> mock =
                top.has("mock") ? Optional.of(OwnerData.read(top.section("mock"))) : Optional.empty();
        OwnerPolicy policy = OwnerPolicy.read(top.section("policy"));
        OwnerLimits limits = OwnerLimits.read(top.section("limits"));
        return new OwnerFile(file, dataSet, inherits, testData || data.testData(), data, mock, policy, limits, context);
    }

    private static String id(Section top, String key, String id) {
        if (!id.matches(ID)) {
            throw top.error(key, "'" + id + "' is no id: letters, digits, '.', '_' and '-', at most 100");
        }
        return id;
    }
}
