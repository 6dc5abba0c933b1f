package dev.sotto.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.formats.Npz;
import dev.sotto.formats.SafeTensors;
import dev.sotto.formats.Tensor;
import dev.sotto.privacy.ClipPer;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.SamplingRate;
import dev.sotto.privacy.accounting.AccountantChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecorderTest {
    private static final ExamplePrivacy PRIVACY = ExamplePrivacy.calibrated(3, 1e-3, 1);

    @TempDir
    private Path temporary;

    @Test
    void aRunLeavesAllItsFilesAndNothingElse() throws IOException {
        new ToyRun(Optional.of(PRIVACY), OptionalLong.empty(), 3).into(temporary);
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "experiment.yaml",
                            "history.jsonl",
                            "model.npz",
                            "model.safetensors",
                            "privacy.json",
                            "result.json");
        }
    }

    @Test
    void bothModelFilesHoldTheParametersAndOneSaysWhatTheyAre() throws IOException {
        ToyRun.Written run = new ToyRun(Optional.empty(), OptionalLong.of(7), 2).into(temporary);
        float[] parameters = run.result().parameters();

        SafeTensors.Content named = SafeTensors.read(temporary.resolve("model.safetensors"));
        List<Tensor> numbered = Npz.read(temporary.resolve("model.npz"));

        assertThat(named.tensors().stream().map(Tensor::name)).containsExactly("0.weight", "0.bias");
        assertThat(numbered.stream().map(Tensor::name)).containsExactly("0", "1");
        assertThat(named.tensors().get(0).shape()).containsExactly(2, 2);
        assertThat(named.tensors().get(0).data()).containsExactly(java.util.Arrays.copyOf(parameters, 4));
        assertThat(numbered.get(1).data()).containsExactly(java.util.Arrays.copyOfRange(parameters, 4, 6));
        assertThat(named.metadata())
                .containsEntry("sotto.input", "2")
                .containsEntry("sotto.version", Version.current())
                .containsEntry(
                        "sotto.model",
                        "{\"name\":\"logistic\",\"loss\":\"cross-entropy\","
                                + "\"layers\":[{\"linear\":{\"outputs\":2}}]}");
        assertThat(Json.parse(named.metadata().get("sotto.provenance"))
                        .path("seed")
                        .asLong())
                .isEqualTo(7);
    }

    @Test
    void theSameSeedWritesTheSameModelBytes() throws IOException {
        for (String name : List.of("a", "b")) {
            new ToyRun(Optional.of(PRIVACY), OptionalLong.of(7), 2).into(temporary.resolve(name));
        }
        for (String file : List.of("model.safetensors", "model.npz", "privacy.json", "experiment.yaml")) {
            assertThat(temporary.resolve("a").resolve(file))
                    .hasSameBinaryContentAs(temporary.resolve("b").resolve(file));
        }
    }

    @Test
    void thePrivacyStatementIsWhatTheLedgersHold() throws IOException {
        ToyRun.Written run = new ToyRun(Optional.of(PRIVACY), OptionalLong.empty(), 3).into(temporary);
        JsonNode privacy = Json.parse(Files.readString(temporary.resolve("privacy.json")));

        assertThat(privacy.path("private").asBoolean()).isTrue();
        assertThat(privacy.path("reproducible").asBoolean()).isFalse();
        assertThat(privacy.path("unit").asText()).isEqualTo("example");
        assertThat(privacy.path("relation").asText()).isEqualTo("zero-out");
        assertThat(privacy.path("epsilon").asDouble()).isBetween(2.9, 3.0);
        assertThat(privacy.path("delta").asDouble()).isEqualTo(1e-3);
        assertThat(privacy.path("overall").asText()).contains("maximum", "each example is in one client");
        assertThat(privacy.path("notCovered").toString()).contains("Tuning is not accounted");
        assertThat(privacy.path("provenance").path("engine").asText()).isEqualTo("jvm");
        JsonNode client = privacy.path("clients").path(0);
        assertThat(client.path("id").asText()).isEqualTo("client-1");
        assertThat(client.path("samplingRate").asDouble()).isEqualTo(20.0 / 60);
        assertThat(client.path("clipping").asText()).isEqualTo("flat");
        assertThat(client.path("clippingNorm").asDouble()).isEqualTo(1);
        assertThat(client.path("steps").asInt()).isEqualTo(9);
        assertThat(client.path("plannedSteps").asInt()).isEqualTo(9);
        assertThat(client.path("event").toString()).contains("0.333", "9");
        double worst = run.summary().clients().stream()
                .mapToDouble(each -> each.epsilon().orElseThrow())
                .max()
                .orElseThrow();
        assertThat(privacy.path("epsilon").asDouble()).isEqualTo(worst);
    }

    @Test
    void aSeededRunIsReproducibleAndNotPrivate() {
        ToyRun.Written run = new ToyRun(Optional.of(PRIVACY), OptionalLong.of(7), 1).into(temporary);
        PrivacyStatement statement = run.directory().read().privacy().orElseThrow();
        assertThat(statement.reproducible()).isTrue();
        assertThat(statement.isPrivate()).isFalse();
        assertThat(statement.notCovered().get(0)).contains("reproducible, not private");
        assertThat(run.summary().json().path("privacy").path("private").asBoolean())
                .isFalse();
    }

    @Test
    void aRunWithoutPrivacySaysSo() {
        ToyRun.Written run = new ToyRun(Optional.empty(), OptionalLong.empty(), 1).into(temporary);
        PrivacyStatement statement = run.directory().read().privacy().orElseThrow();
        assertThat(statement.unit()).isEqualTo("none");
        assertThat(statement.isPrivate()).isFalse();
        assertThat(run.summary().json().path("privacy").path("epsilon").isNull())
                .isTrue();
    }

    @Test
    void clippingWholeBatchesIsComparedWithClippingExamples() {
        ExamplePrivacy perBatch = new ExamplePrivacy(
                PRIVACY.epsilon(),
                PRIVACY.delta(),
                PRIVACY.noiseMultiplier(),
                PRIVACY.clipping(),
                ClipPer.BATCH,
                PRIVACY.relation(),
                PRIVACY.samplingRate(),
                PRIVACY.noiseSchedule(),
                PRIVACY.clippingSchedule(),
                AccountantChoice.RDP,
                true);
        ToyRun.Written run = new ToyRun(Optional.of(perBatch), OptionalLong.empty(), 2).into(temporary);
        ClientGuarantee client =
                run.directory().read().privacy().orElseThrow().clients().get(0);
        assertThat(client.perExampleEpsilon().orElseThrow())
                .isLessThan(client.epsilon().orElseThrow());
    }

    @Test
    void countsFromTheDataAreStatedOnlyWhereTheyArePublic() {
        ToyRun.Written open = new ToyRun(Optional.empty(), OptionalLong.empty(), 1).into(temporary.resolve("open"));
        assertThat(open.summary().split().clients().get(0).classCounts()).hasSize(2);

        ToyRun.Written zeroOut = new ToyRun(Optional.of(PRIVACY), OptionalLong.empty(), 1).into(temporary.resolve("z"));
        assertThat(zeroOut.summary().split().clients().get(0).classCounts()).isEmpty();
        assertThat(zeroOut.summary().clients().get(0).examples()).hasValue(60);

        ExamplePrivacy addOrRemove = new ExamplePrivacy(
                PRIVACY.epsilon(),
                PRIVACY.delta(),
                PRIVACY.noiseMultiplier(),
                PRIVACY.clipping(),
                PRIVACY.clipPer(),
                NeighbouringRelation.ADD_OR_REMOVE_ONE,
                Optional.of(new SamplingRate(0.1)),
                PRIVACY.noiseSchedule(),
                PRIVACY.clippingSchedule(),
                PRIVACY.accountant(),
                true);
        ToyRun.Written hidden =
                new ToyRun(Optional.of(addOrRemove), OptionalLong.empty(), 1).into(temporary.resolve("a"));
        RecordedRun read = hidden.directory().read();
        assertThat(hidden.summary().clients().get(0).examples()).isEqualTo(OptionalInt.empty());
        assertThat(read.history().get(0).clients().get(0).examples()).isEmpty();
        assertThat(read.result().orElseThrow().split().clients().get(0).examples())
                .isEmpty();
    }

    @Test
    void everythingReadsBackAsItWasWritten() {
        ToyRun.Written run = new ToyRun(Optional.of(PRIVACY), OptionalLong.of(7), 3).into(temporary);
        RecordedRun read = RunDirectory.open(temporary).read();
        assertThat(read.result()).contains(run.summary());
        assertThat(read.history()).hasSize(3);
        assertThat(read.history().get(2).accuracy()).isEqualTo(run.summary().accuracy());
        assertThat(PrivacyStatement.parse(read.privacy().orElseThrow().json()))
                .isEqualTo(read.privacy().orElseThrow());
    }

    @Test
    void theSummaryIsTheObjectThatScriptsDependOn() {
        JsonNode json = new ToyRun(Optional.of(PRIVACY), OptionalLong.empty(), 2)
                .into(temporary)
                .summary()
                .json();
        assertThat(json.properties().stream().map(Map.Entry::getKey))
                .contains("name", "rounds", "accuracy", "loss", "stopped", "clients", "privacy", "model", "seconds");
        assertThat(json.path("clients").path(0).properties().stream().map(Map.Entry::getKey))
                .containsExactly("id", "examples", "steps", "epsilon", "delta");
        assertThat(json.path("privacy").properties().stream().map(Map.Entry::getKey))
                .contains("unit", "epsilon", "delta", "accountant", "relation");
        assertThat(json.path("rounds").asInt()).isEqualTo(2);
        assertThat(json.path("stopped").isNull()).isTrue();
        assertThat(json.path("accuracy").asDouble()).isGreaterThan(0.8);
    }
}
