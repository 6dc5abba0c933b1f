package dev.sotto.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.Examples;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One owner's data, and that it is what a simulated client would hold. */
final class OwnerDataTest {
    private static final String SOURCE = "source: generated, train: 101, test: 10, features: 3, classes: 3, seed: 7";

    @TempDir
    Path folder;

    private static OwnerData read(String keys, Map<String, String> environment) {
        ExperimentFile file = ExperimentFile.parse("node.yaml", Path.of(""), "data: {" + keys + "}");
        return OwnerData.read(Section.root("node.yaml", file.tree()).section("data"), environment::get);
    }

    private static OwnerData.Loaded load(String keys) {
        return read(keys, Map.of()).load(DataContext.ofSystem());
    }

    private static List<List<Float>> rows(Examples examples) {
        List<List<Float>> rows = new ArrayList<>();
        for (int i = 0; i < examples.size(); i++) {
            float[] row = new float[examples.shape().size()];
            examples.features(i, row, 0);
            List<Float> cells = new ArrayList<>();
            for (float cell : row) {
                cells.add(cell);
            }
            cells.add((float) examples.label(i));
            rows.add(cells);
        }
        return rows;
    }

    @Test
    void everythingIsTheOwnersUnlessSaidOtherwise() {
        OwnerData.Loaded loaded = load(SOURCE);
        assertThat(loaded.examples().size()).isEqualTo(101);
        assertThat(loaded.simulatedId()).isEmpty();
        assertThat(read(SOURCE, Map.of()).testData()).isFalse();
        assertThat(read(SOURCE + ", test-data: true", Map.of()).testData()).isTrue();
    }

    @Test
    void aNodeCanHoldExactlyWhatASimulatedClientHolds() {
        for (String dealing : List.of(
                "clients: 3",
                "clients: 3, partition: iid",
                "clients: 4, partition: {dirichlet: 2}",
                "partition: {proportions: [2, 1]}",
                "clients: 3, partition: {sizes: linear}",
                "clients: 3, partition: {shards: 2}")) {
            ExperimentFile file = ExperimentFile.parse(
                    "x.yaml",
                    Path.of(""),
                    "data: {" + SOURCE + ", " + dealing + "}\nclient: {batch-size: 1}\n"
                            + "evaluation: {validation-fraction: 0.25}");
            List<ClientData> clients = Experiment.load(file, file.context()).clients();
            for (int k = 0; k < clients.size(); k++) {
                ClientData simulated = clients.get(k);
                for (String name : List.of(String.valueOf(k), simulated.id())) {
                    OwnerData.Loaded loaded = load(SOURCE + ", " + dealing + ", client: " + name);
                    ClientData own = loaded.client("me", 0.25);
                    assertThat(loaded.simulatedId()).contains(simulated.id());
                    assertThat(rows(own.examples())).isEqualTo(rows(simulated.examples()));
                    assertThat(rows(own.heldOut().orElseThrow()))
                            .isEqualTo(rows(simulated.heldOut().orElseThrow()));
                }
            }
        }
    }

    @Test
    void namedClientsAreFoundByName() throws IOException {
        Files.writeString(folder.resolve("north.csv"), "x,y\n1,a\n2,b\n");
        Files.writeString(folder.resolve("south.csv"), "x,y\n3,a\n");
        String keys = "source: csv, path: '" + folder + "', files: [north.csv, south.csv], partition: {by: file}, "
                + "columns: [{name: x, numeric: {min: 0, max: 4}}, {name: y, label: [a, b]}]";
        assertThat(rows(load(keys + ", client: south").examples())).isEqualTo(List.of(List.of(0.75f, 0f)));
        assertThat(load(keys + ", client: 0").simulatedId()).contains("north");
        assertThatThrownBy(() -> load(keys + ", client: east"))
                .isInstanceOf(DataException.class)
                .hasMessage("data.client: there is no client east; there are 2, north to south");
        assertThatThrownBy(() -> load(keys + ", client: 2")).isInstanceOf(DataException.class);
    }

    @Test
    void noFileIsNamedTwice() throws IOException {
        Path north = Files.writeString(folder.resolve("north.csv"), "x,y\n1,a\n2,b\n");
        Files.createSymbolicLink(folder.resolve("south.csv"), north);
        String rows = "source: csv, path: '" + folder + "', columns: [{name: x, numeric: {min: 0, max: 4}}, "
                + "{name: y, label: [a, b]}], ";
        String tensors = "source: pt, path: '" + folder + "', ";
        for (String keys : List.of(rows, tensors)) {
            for (String named : List.of("north.csv", "./north.csv", "south.csv")) {
                assertThatThrownBy(() -> load(keys + "files: [north.csv, " + named + "]"))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining("data.files: " + folder.resolve(named) + " is named twice")
                        .message()
                        .doesNotContain("\n");
                assertThatThrownBy(() -> load(keys + "files: [north.csv], test-files: [" + named + "]"))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining("data.test-files: " + folder.resolve(named) + " is among data.files too");
                assertThatThrownBy(() -> load(keys + "files: [other.csv], test-files: [north.csv, " + named + "]"))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining("data.test-files: " + folder.resolve(named) + " is named twice");
            }
        }
    }

    @Test
    void partsCoverTheDataOnce() {
        for (String kind : List.of("contiguous", "iid")) {
            List<List<Float>> all = new ArrayList<>();
            for (int k = 0; k < 4; k++) {
                List<List<Float>> part = rows(load(SOURCE + ", part: {index: " + k + ", of: 4, kind: " + kind + "}")
                        .examples());
                assertThat(part).hasSizeBetween(25, 26);
                all.addAll(part);
            }
            List<List<Float>> whole = rows(load(SOURCE).examples());
            assertThat(all).containsExactlyInAnyOrderElementsOf(whole);
            assertThat(all.equals(whole)).isEqualTo(kind.equals("contiguous"));
        }
    }

    @Test
    void theOwnersValidationFractionOutweighsTheSessions() {
        assertThat(load(SOURCE).client("a", 0.5).examples().size()).isEqualTo(50);
        ClientData own = load(SOURCE + ", validation-fraction: 0.1").client("a", 0.5);
        assertThat(own.examples().size()).isEqualTo(91);
        assertThat(own.heldOut().orElseThrow().size()).isEqualTo(10);
        assertThat(load(SOURCE).client("a", 0).heldOut()).isEmpty();
    }

    @Test
    void fednsVariablesSayHowManyPartsAndWhere() throws IOException {
        Map<String, String> two = Map.of("FEDN_NUM_DATA_SPLITS", "2");
        OwnerData first = read(SOURCE + ", part: {index: 0}", two);
        assertThat(rows(first.load(DataContext.ofSystem()).examples()))
                .isEqualTo(rows(load(SOURCE + ", part: {index: 0, of: 2}").examples()));
        assertThat(first.resolved().path("part").path("of").asInt()).isEqualTo(2);
        assertThat(rows(read(SOURCE + ", part: {index: 0, of: 4}", two)
                        .load(DataContext.ofSystem())
                        .examples()))
                .hasSize(26);
        refused("node.yaml: data.part.index: it is required: which of the 2 parts this is, from 0 to 1", SOURCE, two);
        refused(
                "environment: FEDN_NUM_DATA_SPLITS: expected a whole number, found 'two'",
                SOURCE,
                Map.of("FEDN_NUM_DATA_SPLITS", "two"));
        Files.writeString(folder.resolve("a.csv"), "x,y\n1,a\n2,b\n");
        String csv = "source: csv, files: a.csv, "
                + "columns: [{name: x, numeric: {min: 0, max: 4}}, {name: y, label: [a, b]}]";
        OwnerData named = read(csv, Map.of("FEDN_DATA_PATH", folder.toString()));
        assertThat(named.load(DataContext.ofSystem()).examples().size()).isEqualTo(2);
    }

    @Test
    void mistakesAreNamed() {
        refused("node.yaml: data.client: it is required with partition or clients", SOURCE + ", clients: 3", Map.of());
        refused(
                "node.yaml: data.part: give part, or client",
                SOURCE + ", clients: 3, client: 1, part: {index: 0, of: 2}",
                Map.of());
        refused("node.yaml: data.part.of: it is required", SOURCE + ", part: {index: 0}", Map.of());
        refused(
                "node.yaml: data.part.index: 2 is out of range; it must be at least 0 and at most 1",
                SOURCE + ", part: {index: 2, of: 2}",
                Map.of());
        refused(
                "node.yaml: data.test-dat: unknown key; did you mean 'test-data'?",
                SOURCE + ", test-dat: true",
                Map.of());
        refused("node.yaml: data.test-data: expected true or false", SOURCE + ", test-data: 3", Map.of());
    }

    @Test
    void aDatabaseIsASourceLikeOthers() {
        String columns = "columns: [{name: x, numeric: {min: 0, max: 4}}, {name: y, label: [a, b]}]";
        String jdbc = "source: jdbc, url: 'jdbc:sqlite:x.db', query: select, " + columns;
        OwnerData data = read(
                jdbc + ", user: me, password-env: PW, row-limit: 5, timeout: 7, fetch-size: 9, missing: ['?']",
                Map.of("PW", "secret"));
        assertThat(data.resolved().toString() + data).doesNotContain("secret");
        assertThat(data.source())
                .extracting("limits.rows", "limits.fetchSize", "login.user")
                .containsExactly(5, 9, Optional.of("me"));
        String advice = "a password does not belong into this file; name an environment variable";
        refused("node.yaml: data.password: " + advice, jdbc + ", password: secret", Map.of());
        refused("node.yaml: data.url: " + advice, jdbc.replace("x.db", "x.db?password=secret"), Map.of());
        refused(
                "node.yaml: data.url: " + advice,
                jdbc.replace("jdbc:sqlite:x.db", "jdbc:postgresql://me:secret@host/db"),
                Map.of());
        refused("node.yaml: data.url: it must begin with jdbc:", jdbc.replace("jdbc:sqlite", "sqlite"), Map.of());
        refused("node.yaml: data.query: it is required", jdbc.replace("query: select, ", ""), Map.of());
        refused(
                "node.yaml: data: give password-env or password-file",
                jdbc + ", password-env: A, password-file: b",
                Map.of());
        refused("node.yaml: data.row-limit: 0 is out of range", jdbc + ", row-limit: 0", Map.of());
        refused("node.yaml: data.columns: schema: one label column", jdbc.replace(columns, "columns: []"), Map.of());
    }

    private static void refused(String message, String keys, Map<String, String> environment) {
        assertThatThrownBy(() -> read(keys, environment))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("\n")
                .hasMessageNotContaining("secret");
    }
}
