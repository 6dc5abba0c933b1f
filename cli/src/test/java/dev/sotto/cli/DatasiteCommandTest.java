package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.folders.Datasite;
import dev.sotto.folders.ProjectStatus;
import dev.sotto.folders.StatusBoard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Datasites are made, looked at, told whom to trust and what to launch; nothing runs here. */
final class DatasiteCommandTest {
    private static final String PRIVACY = ", \"privacy\": {\"example_level\": {\"epsilon\": 3}}";
    private static final List<String> PARTICIPANTS = List.of("a@example.org", "b@example.org");

    @TempDir
    private Path folder;

    private Path data(String name) {
        return folder.resolve(name);
    }

    private Sotto init(String email, String name) {
        return Sotto.run(
                "datasite", "init", "--email", email, "--data-dir", data(name).toString(), "--json");
    }

    private Path aggregator() {
        assertThat(init(FlSample.AGGREGATOR, "agg").status()).isZero();
        Path mine = data("agg").resolve("private/fl_aggregator");
        Sotto said = Sotto.run("datasite", "sample", mine.toString(), "--examples", "2", "--test", "20");
        assertThat(said.status()).as(said.err()).isZero();
        return mine;
    }

    private static void refused(Sotto said, String... parts) {
        assertThat(said.status()).as(said.err()).isEqualTo(Failures.USAGE);
        assertThat(said.errors()).hasSize(1);
        assertThat(said.last()).startsWith("sotto: ").contains(parts);
    }

    @Test
    void initMakesFoldersKeysAndSettingsAndKeepsThem() throws IOException {
        Sotto said = init("Owner@Example.org", "own");
        assertThat(said.status()).as(said.err()).isZero();
        JsonNode made = said.json();
        assertThat(made.get("email").asText()).isEqualTo("owner@example.org");
        assertThat(Path.of(made.get("synced").asText()))
                .isEqualTo(data("own").resolve("datasites/owner@example.org/app_data"));
        assertThat(data("own").resolve("private/fl_client/request")).isDirectory();
        assertThat(data("own").resolve("private/fl_aggregator/launch")).isDirectory();
        assertThat(made.get("fingerprint").asText()).matches("[0-9a-f]{64}");
        Path settings = Path.of(made.get("config").asText());
        Files.writeString(settings, Files.readString(settings) + "poll: 1s\n");
        assertThat(init("owner@example.org", "own").json().get("fingerprint")).isEqualTo(made.get("fingerprint"));
        assertThat(Files.readString(settings)).endsWith("poll: 1s\n");
        refused(
                init("other@example.org", "own"),
                "email: it is owner@example.org, and other@example.org was asked for");
        refused(init("nobody", "x"), "'nobody' is no email address");
        refused(Sotto.run("datasite", "init", "--email", "a@b.org"), "--data-dir: it is required");
    }

    @Test
    void theNamesOfSyftBoxsFoldersAndFilesAreUnderstood() throws IOException {
        Files.createDirectories(data("theirs").resolve("datasites/a@b.org/api_data"));
        Path config = Files.writeString(
                folder.resolve("config.json"),
                "{\"email\": \"a@b.org\", \"data_dir\": \"" + data("theirs") + "\", \"server_url\": \"x\"}");
        Sotto said = Sotto.run("datasite", "init", "--config_path", config.toString(), "--port", "8080", "--json");
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.json().get("synced").asText()).endsWith("a@b.org/api_data");
        assertThat(Files.readString(data("theirs").resolve("private/datasite.yaml")))
                .contains("port: 8080");
        assertThat(Files.readString(config)).contains("server_url");
        assertThat(Sotto.run("datasite", "status", "--config", config.toString())
                        .status())
                .isZero();
    }

    @Test
    void statusSaysWhoseItIsAndWhatThereIs() {
        init("owner@example.org", "own");
        Sotto said = Sotto.run("datasite", "status", "--data-dir", data("own").toString(), "--json");
        assertThat(said.json().get("email").asText()).isEqualTo("owner@example.org");
        assertThat(said.json().get("projects")).isEmpty();
        assertThat(Sotto.run("datasite", "status", "--data-dir", data("own").toString())
                        .out())
                .contains("owner@example.org", "fingerprint", "no projects yet");
        refused(
                Sotto.run("datasite", "status", "--data-dir", data("none").toString()),
                "there is no such file; make a datasite with 'sotto datasite init");
        refused(
                Sotto.run("datasite", "status", "--data-dir", data("own").toString(), "--email", "x@example.org"),
                "email: it is owner@example.org, and x@example.org was asked for");
        refused(Sotto.run("datasite", "status"), "which datasite? give --data-dir DIR");
    }

    @Test
    void statusShowsWhatPeopleCompareAtFirstContact() throws IOException {
        String theirs =
                init("agg@example.org", "agg").json().path("fingerprint").asText();
        init("owner@example.org", "own");
        Datasite own = Datasite.open(data("own"));
        own.pins().meet("agg@example.org", Datasite.open(data("agg")).card());
        new StatusBoard(own)
                .show(new ProjectStatus(
                        ProjectStatus.Role.OWNER,
                        "toy",
                        "toy.0123456789abcdef",
                        "agg@example.org",
                        ProjectStatus.State.REQUEST,
                        Optional.empty(),
                        0,
                        0,
                        OptionalDouble.empty(),
                        List.of(),
                        List.of()));
        String[] status = {"datasite", "status", "--data-dir", data("own").toString()};
        assertThat(Sotto.run(status).out())
                .containsPattern("agg@example.org +" + theirs + "  first met")
                .contains("sotto datasite trust agg@example.org FINGERPRINT-AS-READ-TO-YOU");
        Sotto.run(
                "datasite",
                "trust",
                "agg@example.org",
                theirs,
                "--data-dir",
                data("own").toString());
        assertThat(Sotto.run(status).out())
                .containsPattern("agg@example.org +" + theirs + "  agreed")
                .doesNotContain("first met");
        JsonNode key = Sotto.run(status[0], status[1], status[2], status[3], "--json")
                .json()
                .path("keys")
                .get(0);
        assertThat(key.path("agreed").asBoolean()).isTrue();
        assertThat(key.path("signsWith").asText())
                .isEqualTo(Datasite.open(data("agg")).card().authority());
        refused(
                Sotto.run(
                        "datasite",
                        "init",
                        "--email",
                        "x@y.org",
                        "--data-dir",
                        data("x").toString(),
                        "--synced",
                        data("sycned").toString()),
                "sycned: there is no such folder; give the folder that your program syncs");
    }

    @Test
    void aFingerprintIsPinnedByHand() {
        init("owner@example.org", "own");
        String dir = data("own").toString();
        Sotto said = Sotto.run("datasite", "trust", "agg@example.org", "ab".repeat(32), "--data-dir", dir);
        assertThat(said.status()).as(said.err()).isZero();
        refused(Sotto.run("datasite", "trust", "agg@example.org", "abc", "--data-dir", dir), "'abc' is no fingerprint");
        refused(Sotto.run("datasite", "trust", "agg", "ab".repeat(32), "--data-dir", dir), "'agg' is no email address");
    }

    @Test
    void aProjectIsCheckedShownConfirmedAndPutIntoLaunch() throws IOException {
        Path mine = aggregator();
        Path project = FlSample.write(folder.resolve("p"), "My Project", PARTICIPANTS, 3, 1, PRIVACY);
        String dir = data("agg").toString();
        refused(
                Sotto.run("datasite", "launch", project.toString(), "--data-dir", dir),
                "there is no terminal to ask on");
        Sotto said = Sotto.run("datasite", "launch", project.toString(), "--data-dir", dir, "--yes", "--json");
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.err())
                .contains(
                        "the weights fit preset mlp-784-128-10: 1x28x28 -> flatten -> linear 128 -> relu -> linear 10")
                .contains("model.py is not run");
        assertThat(said.json().get("terms").at("/privacy/example-level/epsilon").asDouble())
                .isEqualTo(3);
        Path placed = mine.resolve("launch/My-Project");
        JsonNode config = new ObjectMapper().readTree(Files.readString(placed.resolve("fl_config.json")));
        assertThat(config.get("model").asText()).isEqualTo("mlp-784-128-10");
        assertThat(config.at("/contract/features").toString()).isEqualTo("[1,28,28]");
        assertThat(placed).isDirectoryContaining("glob:**/model.py").isDirectoryContaining("glob:**/*.npz");
        assertThat(project.resolve("ran")).doesNotExist();
        refused(
                Sotto.run("datasite", "launch", project.toString(), "--data-dir", dir, "--yes"),
                "this project is there already");
        assertThat(mine).isDirectoryNotContaining("glob:**/.launching*");
    }

    @Test
    void theModelMayBeNamedAndWithoutPrivacyThatIsSaid() throws IOException {
        aggregator();
        String dir = data("agg").toString();
        Path project = FlSample.write(folder.resolve("p"), "plain", PARTICIPANTS, 3, 1, "");
        refused(
                Sotto.run("datasite", "launch", project.toString(), "--data-dir", dir, "--model", "lenett"),
                "--model lenett: ",
                "did you mean 'lenet'?");
        refused(
                Sotto.run("datasite", "launch", project.toString(), "--data-dir", dir, "--model", "mnist-cnn"),
                "its shape is 128x784; the model's 0.weight is 16x1x8x8");
        Path yaml = Files.writeString(
                folder.resolve("model.yaml"), "model: {layers: [flatten, {linear: 128}, tanh, {linear: 10}]}");
        Sotto said = Sotto.run(
                "datasite", "launch", project.toString(), "--data-dir", dir, "--model", yaml.toString(), "--json");
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.err()).contains("privacy: it is not set").contains("require: none");
        assertThat(said.json().at("/terms/model/layers/2").asText()).isEqualTo("tanh");
    }

    @Test
    void whatCannotBeLaunchedIsSaidInOneLine() throws IOException {
        init("other@example.org", "other");
        Path project = FlSample.write(folder.resolve("p"), "x", PARTICIPANTS, 3, 1, PRIVACY);
        String dir = data("other").toString();
        refused(
                Sotto.run("datasite", "launch", project.toString(), "--data-dir", dir, "--yes"),
                "aggregator: it is aggregator@example.org, and this datasite is other@example.org");
        init(FlSample.AGGREGATOR, "agg");
        refused(
                Sotto.run(
                        "datasite",
                        "launch",
                        project.toString(),
                        "--data-dir",
                        data("agg").toString(),
                        "--yes"),
                "test_dataset: ",
                "no such file");
        refused(
                Sotto.run(
                        "datasite",
                        "launch",
                        folder.toString(),
                        "--data-dir",
                        data("agg").toString()),
                "fl_config.json: there is no such file");
    }

    @Test
    void digitsToTryWithAreWritten() throws IOException {
        Path mine = Files.createDirectory(folder.resolve("digits"));
        Sotto said = Sotto.run("datasite", "sample", mine.toString(), "--digits", "3,7", "--examples", "20");
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.out()).contains("mnist_label_3.pt: 20 images of the digit 3");
        assertThat(mine.resolve("mnist_label_7.pt")).isRegularFile();
        refused(Sotto.run("datasite", "sample", mine.toString()), "--digits: name the digits to write");
        refused(Sotto.run("datasite", "sample", mine.toString(), "--digits", "10"), "--digits 10: it must be 0 to 9");
        refused(Sotto.run("datasite", "sample", folder.resolve("no").toString(), "--digits", "1"), "no such folder");
    }
}
