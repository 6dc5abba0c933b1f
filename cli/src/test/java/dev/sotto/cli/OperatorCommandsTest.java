package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands that ask a coordinator, as far as they go without one. */
final class OperatorCommandsTest {
    @TempDir
    private Path folder;

    private static void refused(Sotto said, String... words) {
        assertThat(said.status()).as(said.err()).isEqualTo(Failures.USAGE);
        assertThat(said.errors()).hasSize(1);
        assertThat(said.last()).contains(words);
        assertThat(said.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            session list
            session show s-1
            session watch s-1
            session log s-1
            session stop s-1
            session resume s-1
            session export s-1
            client list
            client revoke ward-3
            model list
            audit verify
            coordinator token ward-3
            """)
    void withoutACoordinatorTheySayWhatIsMissing(String command) {
        List<String> words = new java.util.ArrayList<>(List.of(command.split(" ")));
        words.addAll(List.of("--coordinator", folder.resolve("operator.yaml").toString()));
        refused(Sotto.run(words.toArray(String[]::new)), "operator.yaml: there is no such file", "coordinator init");
    }

    @Test
    void aHomeIsMadeOnceAndAnswersFromThenOn() {
        String home = folder.resolve("home").toString();
        Sotto made = Sotto.run("coordinator", "init", "--home", home, "--json");
        assertThat(made.status()).as(made.err()).isZero();
        String operator = made.json().path("operator").asText();
        assertThat(Path.of(operator)).exists();
        refused(Sotto.run("coordinator", "init", "--home", home), "there is a coordinator in it");
        refused(Sotto.run("coordinator", "init", "--home", home + "2", "--port", "70000"), "--port 70000");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --batch 100 --physical-batch 64     | must be a multiple
            --min-clients 3                     | --min-clients 3
            --clients 0                         | --clients 0
            --epsilon -1                        | --epsilon
            --lr fast                           | --lr fast: it is not a number
            2 --clients 3                       | given by position too
            2 2 2 3 256 256 0.01 1.0 1.2 3.0 7  | value 7: it is one too many; by position there are ten: clients, min-clients
            1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 | value 11: it is one too many
            --data mnist                        | --data mnist
            --data cifar10 --examples 100       | goes with generated images
            """)
    void quickstartSaysWhatIsWrong(String arguments, String word) {
        refused(Sotto.run(("quickstart " + arguments).split(" ")), word);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            run build      | model seed
            client start   | node start
            session get    | session show
            session logs   | session log
            superlink      | coordinator start
            model trail    | model lineage
            """)
    void namesFromElsewhereAreAnsweredWithOurs(String theirs, String ours) {
        Sotto said = Sotto.run(theirs.split(" "));
        assertThat(said.status()).isEqualTo(Failures.USAGE);
        assertThat(said.last()).contains("did you mean 'sotto " + ours + "'");
    }

    @Test
    void doctorLooksAtThisMachine() {
        Sotto said = Sotto.run("doctor", "--address", "127.0.0.1:7443", "--json");
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.json().path("findings").findValuesAsText("what")).contains("jvm", "disk", "proxy");
        assertThat(said.out()).contains("directly");
    }

    @Test
    void timesAreReadAsPeopleWriteThem() {
        Sotto said = Sotto.run("session", "start", "x.yaml", "--round-timeout", "soon");
        refused(said, "'soon' is not a time such as 180s, 5m, 2h or 7d");
    }
}
