package dev.sotto.experiment;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataContext;
import dev.sotto.data.DataSet;
import dev.sotto.formats.config.Section;

/** Public test examples for whoever has no other data: those of a section {@code data}, as an experiment has it. */
public final class CentralTestData {
    private CentralTestData() {}

    /**
     * Loads the data set that has them.
     *
     * @param file what messages call the place of the section
     * @param data the section's keys; how examples are dealt to clients is read and does not matter
     * @return a data set that has test examples
     * @throws dev.sotto.formats.config.ConfigException naming the key, also if the data has no test examples
     * @throws dev.sotto.data.DataException if the data cannot be had
     */
    public static DataSet load(String file, ObjectNode data, DataContext context) {
        Section top = Section.root(file, JsonNodeFactory.instance.objectNode().set("data", data));
        DataReader reader = DataReader.read(top.section("data"), false);
        DataSet loaded = reader.load(context);
        if (loaded.test().isEmpty()) {
            throw top.error("data", loaded.name() + " has no test examples to evaluate on");
        }
        return loaded;
    }
}
