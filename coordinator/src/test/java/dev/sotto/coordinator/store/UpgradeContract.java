package dev.sotto.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.coordinator.store.Clients.Issued;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that an earlier version has written. */
abstract class UpgradeContract {
    private static final Instant EXPIRES = Instant.parse("2999-01-01T00:00:00Z");
    private static final byte[] CERTIFICATE = "the certificate that it joined with".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path home;

    private final Databases kind;
    private String url;

    UpgradeContract(Databases kind) {
        this.kind = kind;
    }

    /** As version 1 left it: two clients, of which one is revoked, a token, and lines of the audit log. */
    @BeforeEach
    void asOfVersion1() throws SQLException {
        url = kind.fresh(home);
        Dialect dialect = Dialect.of(url);
        if (dialect instanceof Dialect.Sqlite sqlite) {
            sqlite.prepare();
        }
        Flyway.configure(Database.class.getClassLoader())
                .dataSource(dialect.source(true))
                .locations("classpath:dev/sotto/coordinator/store/migrations")
                .table("sotto_migrations")
                .target("1")
                .load()
                .migrate();
        String key = Base64.getEncoder().encodeToString("a signing key".getBytes(StandardCharsets.UTF_8));
        try (Connection connection = dialect.connect(true);
                Statement statement = connection.createStatement()) {
            for (String values : new String[] {
                "('ann', 'a1', '" + Sha256.hex(Sha256.of(CERTIFICATE)) + "', " + EXPIRES.toEpochMilli() + ", '" + key
                        + "', 1000, 2000, '0.1', NULL, '')",
                "('bob', 'b1', '" + "0".repeat(64) + "', " + EXPIRES.toEpochMilli() + ", '" + key
                        + "', 1000, NULL, '', 3000, 'laptop lost')"
            }) {
                statement.execute("INSERT INTO clients (id, serial, certificate, expires, signing_key, enrolled, seen,"
                        + " version, revoked, reason) VALUES " + values);
            }
        }
        try (Transactions transactions = new Transactions(dialect)) {
            transactions.write(writing -> {
                AuditLog.append(writing, "ann", "client joined", "ann", "certificate a1");
                return null;
            });
        }
    }

    private static Issued next(String serial) {
        byte[] certificate = ("certificate " + serial).getBytes(StandardCharsets.UTF_8);
        return new Issued(serial, certificate, Sha256.of(certificate), EXPIRES.plusSeconds(1));
    }

    @Test
    void itsClientsKeepTheirCertificatesAndRenewThem() {
        Database.open(url, home).close(); // once; the next time there is nothing to do
        try (Database database = Database.open(url, home)) {
            Clients clients = database.clients();
            assertThat(clients.list()).extracting(EnrolledClient::id).containsExactly("ann", "bob");
            EnrolledClient ann = clients.bySerial("a1").orElseThrow();
            assertThat(ann.id()).isEqualTo("ann");
            assertThat(ann.certificate()).isEqualTo(Sha256.of(CERTIFICATE));
            assertThat(ann.expires()).isEqualTo(EXPIRES);
            assertThat(ann.version()).isEqualTo("0.1");
            assertThat(clients.bySerial("b1").orElseThrow().revoked()).contains(Instant.ofEpochMilli(3000));

            Clients.Renewal renewal = clients.renew("ann", "a1", next("a2"));
            assertThat(renewal.obstacle()).isEmpty();
            assertThat(renewal.issued().orElseThrow().serial()).isEqualTo("a2");
            // The newest is the one that lists show; the one from before the upgrade is good besides.
            assertThat(clients.find("ann").orElseThrow().serial()).isEqualTo("a2");
            assertThat(clients.bySerial("a1").orElseThrow().certificate()).isEqualTo(Sha256.of(CERTIFICATE));
            assertThat(clients.renew("ann", "a1", next("a3"))
                            .issued()
                            .orElseThrow()
                            .serial())
                    .isEqualTo("a3");
            assertThat(clients.renew("bob", "b1", next("b2")).obstacle()).isPresent();
            assertThat(database.audit().verify()).isEmpty();
            assertThat(database.audit().lines(1, 10))
                    .extracting(AuditLine::action)
                    .containsExactly("client joined", "certificate renewed", "certificate renewed");
        }
    }

    @Test
    void whoJoinsAnewHasNoneOfItsCertificatesFromBefore() {
        byte[] secret = Sha256.of("a token".getBytes(StandardCharsets.UTF_8));
        try (Database database = Database.open(url, home)) {
            database.tokens().addJoin(secret, Optional.of("ann"), Duration.ofDays(1), "test");
            assertThat(database.clients().enrol(secret, "ann", new Clients.Keys(next("a2"), new byte[] {1})))
                    .isEmpty();
            assertThat(database.clients().bySerial("a1")).isEmpty();
        }
    }
}
