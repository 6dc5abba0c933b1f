package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.owner.Owner;
import dev.sotto.owner.ledger.LedgerLine;
import dev.sotto.owner.ledger.LedgerLine.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a node did, counted anew from its files: lines of the ledger one by one, the table of releases through another
 * connection, and what it wrote to its log.
 *
 * @param reserved rounds that were reserved, each as often as it was
 * @param committed digests of what was committed, in order of the rounds that were reserved for them
 * @param released digest of what was released in each round
 * @param trainedOn digest of the model that it was trained from, for each round
 * @param trainings how often the log says that a round is trained
 */
record LedgerRecount(
        List<Integer> reserved,
        Map<Integer, String> committed,
        Map<Integer, String> released,
        Map<Integer, String> trainedOn,
        long trainings) {
    private static final Pattern ROUND = Pattern.compile("round (\\d+)\\b");

    static LedgerRecount of(Path home, Path log) throws IOException, SQLException {
        List<LedgerLine> lines;
        try (Owner owner = Owner.open(home)) {
            lines = owner.ledger().lines();
        }
        Map<Long, Integer> rounds = new TreeMap<>();
        Map<Integer, String> committed = new TreeMap<>();
        for (LedgerLine line : lines) {
            if (line.kind() == Kind.RESERVED) {
                rounds.put(line.number(), round(line.detail()));
            } else if (line.kind() == Kind.COMMITTED) {
                assertThat(committed.put(rounds.get(line.reservation()), line.detail()))
                        .as("committed before: " + line)
                        .isNull();
            }
        }
        Map<Integer, String> released = new TreeMap<>();
        Map<Integer, String> trainedOn = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + Owner.ledgerFile(home));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT round, sha256, model FROM releases")) {
            while (rows.next()) {
                released.put(rows.getInt(1), HexFormat.of().formatHex(rows.getBytes(2)));
                trainedOn.put(rows.getInt(1), HexFormat.of().formatHex(rows.getBytes(3)));
            }
        }
        long trainings = Files.readAllLines(log).stream()
                .filter(line -> line.matches(".*round \\d+: training$"))
                .count();
        return new LedgerRecount(List.copyOf(rounds.values()), committed, released, trainedOn, trainings);
    }

    private static int round(String purpose) {
        Matcher found = ROUND.matcher(purpose);
        assertThat(found.find()).as(purpose).isTrue();
        return Integer.parseInt(found.group(1));
    }

    /** Epsilon of as many rounds as were reserved, worked out from public numbers alone. */
    double epsilon(double noiseMultiplier, double rate, int stepsOfRound, double delta) {
        Sotto computed = Sotto.run(
                "privacy",
                "epsilon",
                "--noise-multiplier",
                String.valueOf(noiseMultiplier),
                "--rate",
                String.valueOf(rate),
                "--steps",
                String.valueOf(reserved.size() * stepsOfRound),
                "--delta",
                String.valueOf(delta),
                "--relation",
                "zero-out",
                "--accountant",
                "rdp",
                "--json");
        assertThat(computed.status()).as(computed.err()).isZero();
        JsonNode found = computed.json();
        return found.path("epsilon").asDouble();
    }
}
