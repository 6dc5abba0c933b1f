package dev.sotto.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.jdbc.JdbcSource;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.formats.config.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every experiment in the documentation is a whole one, and loads. */
final class DocumentedExperimentsTest {
    private static final Path ROOT = Path.of(System.getProperty("sotto.root", ".."));
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");

    @TempDir
    private Path folder;

    /** An experiment and where it stands. */
    record Shown(String where, String yaml) {
        @Override
        public String toString() {
            return where;
        }
    }

    static Stream<Shown> experiments() throws IOException {
        List<Shown> shown = new ArrayList<>();
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
            for (Path page : pages.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                Matcher block = BLOCK.matcher(Files.readString(page));
                while (block.find()) {
                    shown.add(new Shown(page.getFileName() + " " + shown.size(), block.group(1)));
                }
            }
        }
        return shown.stream();
    }

    @ParameterizedTest
    @MethodSource("experiments")
    void loads(Shown shown) throws IOException {
        ExperimentFile written = ExperimentFile.parse(shown.where(), folder, shown.yaml());
        JsonNode data = written.tree().path("data");
        if (written.tree().has("contract")) {
            SessionDraft draft = SessionDraft.of(written, written.context(), 5);
            assertThat(draft.model().outputs()).isEqualTo(draft.contract().outputs());
            return;
        }
        if (written.tree().has("data-set") // a node.yaml, which node reads
                || data.has("part")
                || data.has("client")
                || data.path("source").asText().equals("jdbc")) {
            loadsAsAnOwners(written);
            return;
        }
        Experiment experiment = Experiment.load(written, new StandIns(folder).write(written));
        assertThat(experiment.clients()).isNotEmpty();
    }

    /** One owner's data; where it is in a database, no more than what is asked of that can be looked at here. */
    private void loadsAsAnOwners(ExperimentFile written) throws IOException {
        OwnerData data = OwnerData.read(
                Section.root(written.name(), written.tree()).section("data"), Map.of("REGISTRY_PASSWORD", "x")::get);
        if (data.source() instanceof JdbcSource source) {
            assertThat(source.schema().columns()).isNotEmpty();
        } else {
            assertThat(data.load(new StandIns(folder).write(written)).examples().size())
                    .isPositive();
        }
    }

    /** The keys of a run's experiment.yaml, those of the model's layers and the data's columns apart. */
    @Test
    void everyKeyIsDocumented() throws IOException {
        StringBuilder docs = new StringBuilder();
        for (String page : List.of("experiments.md", "data.md", "private-training.md")) {
            docs.append(Files.readString(ROOT.resolve("docs").resolve(page)));
        }
        ExperimentFile file = ExperimentFile.parse("full", folder, ExperimentTest.FULL);
        ObjectNode resolved = Experiment.load(file, file.context()).resolved();
        resolved.remove("model");
        List<String> missing = keys(resolved)
                .filter(key ->
                        !Pattern.compile("[`.{]" + key + "[`:. ]").matcher(docs).find())
                .toList();
        assertThat(missing).isEmpty();
    }

    private static Stream<String> keys(ObjectNode node) {
        return node.properties().stream()
                .flatMap(entry -> Stream.concat(
                        Stream.of(entry.getKey()),
                        entry.getValue() instanceof ObjectNode below ? keys(below) : Stream.empty()));
    }
}
