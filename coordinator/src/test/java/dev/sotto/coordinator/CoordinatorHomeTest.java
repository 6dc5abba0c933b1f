package dev.sotto.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.coordinator.identity.Access;
import dev.sotto.coordinator.identity.Lifetimes;
import dev.sotto.coordinator.identity.Role;
import dev.sotto.coordinator.identity.ServerIdentity;
import dev.sotto.coordinator.store.Database;
import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CoordinatorHomeTest {
    @TempDir
    private Path folder;

    private Path home() {
        return folder.resolve("coordinator");
    }

    private Path init() {
        return CoordinatorHome.init(
                home(), List.of("sotto.example.org", "10.1.2.3", "fe80::2"), 7443, Optional.empty());
    }

    @Test
    void aHomeThatWasMadeOpensAndItsTokenIsAnAdministrators() throws Exception {
        OperatorFile operator = OperatorFile.read(init());
        assertThat(operator.address()).isEqualTo("sotto.example.org:7443");
        try (CoordinatorHome home = CoordinatorHome.open(home())) {
            assertThat(home.identities().access(operator.token())).contains(new Access("admin", Role.ADMIN));
            assertThat(home.database().audit().verify()).isEmpty();
            assertThat(home.settings().port()).isEqualTo(7443);
            assertThat(home.settings().hosts()).containsExactly("sotto.example.org", "10.1.2.3", "fe80::2");
            assertThat(home.settings().limits()).isEqualTo(CoordinatorSettings.Limits.DEFAULT);
            assertThat(home.owner()).isEqualTo(home.settings().id() + "/main");
            X509Certificate authority = certificate(operator.authority());
            assertThat(home.authorityCertificate()).hasSameBinaryContentAs(operator.authority());
            X509Certificate server = home.server().certificate();
            server.verify(authority.getPublicKey());
            assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
            assertThat(server.getSubjectAlternativeNames())
                    .map(name -> name.get(1).toString())
                    .contains("sotto.example.org", "10.1.2.3", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
            assertThat(authority.getBasicConstraints()).isZero();
            assertThat(authority.getNotAfter().toInstant())
                    .isAfter(Instant.now().plus(Duration.ofDays(29 * 365)));
        }
    }

    private static X509Certificate certificate(Path file) throws Exception {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    @Test
    void everythingInItIsItsOwnersAlone() throws IOException {
        init();
        CoordinatorHome.open(home()).close();
        try (Stream<Path> all = Files.walk(home())) {
            assertThat(all).hasSizeGreaterThan(10).allSatisfy(path -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
        }
    }

    @Test
    void aHomeIsNeverOverwritten() throws IOException {
        init();
        byte[] key = Files.readAllBytes(home().resolve("authority/key.pem"));
        assertThatThrownBy(this::init)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("keys must not be lost")
                .hasMessageNotContaining("\n");
        assertThat(home().resolve("authority/key.pem")).hasBinaryContent(key);
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.createFile(other.resolve("file"));
        assertThatThrownBy(() -> CoordinatorHome.init(other, List.of(), 1, Optional.empty()))
                .hasMessageContaining("holds other files");
    }

    @Test
    void anEmptyFolderBecomesAHome() throws IOException {
        Files.createDirectory(home());
        init();
        CoordinatorHome.open(home()).close();
    }

    @Test
    void nothingIsLeftOfAHomeThatCouldNotBeMade() throws IOException {
        assertThatThrownBy(() -> CoordinatorHome.init(home(), List.of("not a host"), 7443, Optional.empty()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("host is 'not a host'");
        assertThatThrownBy(
                        () -> CoordinatorHome.init(home(), List.of(), 7443, Optional.of("jdbc:mysql://u:secret@h/d")))
                .hasMessageContaining("jdbc:postgresql:")
                .hasMessageNotContaining("secret");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
        Files.createDirectory(home());
        assertThatThrownBy(() -> CoordinatorHome.init(home(), List.of("not a host"), 7443, Optional.empty()))
                .isInstanceOf(ConfigException.class);
        try (Stream<Path> left = Files.list(home())) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void oneProcessHasItAtATime() {
        init();
        try (CoordinatorHome first = CoordinatorHome.open(home())) {
            assertThat(first.path()).isEqualTo(home());
            assertThatThrownBy(() -> CoordinatorHome.open(home())).hasMessageContaining("another process has it");
        }
        CoordinatorHome.open(home()).close();
    }

    @Test
    void whatIsWrongIsSaidInOneLine() throws IOException {
        assertThatThrownBy(() -> CoordinatorHome.open(home()))
                .hasMessageContaining("'sotto coordinator init' makes a home");
        init();
        Path settings = home().resolve("coordinator.yaml");
        String text = Files.readString(settings);
        Files.writeString(settings, text + "prot: 1\n");
        assertThatThrownBy(() -> CoordinatorHome.open(home()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("prot")
                .hasMessageContaining("port");
        Files.writeString(settings, text + "certificates: {client: 5s}\n");
        assertThatThrownBy(() -> CoordinatorHome.open(home()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "certificates.client: a certificate is to be valid for 5 s; it must be 10s to 1095d");
        Files.writeString(settings, text.replaceFirst("c-[0-9a-f-]+", "c-other"));
        assertThatThrownBy(() -> CoordinatorHome.open(home())).hasMessageContaining("belongs to coordinator c-");
        Files.writeString(settings, text);
        Files.writeString(home().resolve("authority/key.pem"), "nothing");
        assertThatThrownBy(() -> CoordinatorHome.open(home()))
                .hasMessageContaining("key.pem: no PEM block 'BEGIN PRIVATE KEY'");
    }

    @Test
    void everySettingIsReadUnderItsKey() throws IOException {
        init();
        Path settings = home().resolve("coordinator.yaml");
        String id = Files.readString(settings).lines().findFirst().orElseThrow();
        Files.writeString(settings, id + """

                instance: second
                listen: 127.0.0.1
                hosts: [a.example.org]
                port: 9000
                database: "%s"
                limits: {sessions: 3, package-megabytes: 5, model-megabytes: 7}
                certificates: {client: 30d, server: 90d}
                """.formatted(Database.inHome(home())));
        try (CoordinatorHome home = CoordinatorHome.open(home())) {
            assertThat(home.settings())
                    .isEqualTo(new CoordinatorSettings(
                            home.settings().id(),
                            "second",
                            "127.0.0.1",
                            List.of("a.example.org"),
                            9_000,
                            Database.inHome(home()),
                            new CoordinatorSettings.Limits(3, 5, 7),
                            new Lifetimes(Duration.ofDays(30), Duration.ofDays(90))));
        }
    }

    @Test
    void theServersCertificateFollowsTheSettings() throws Exception {
        init();
        byte[] before;
        try (CoordinatorHome home = CoordinatorHome.open(home())) {
            before = home.server().certificate().getEncoded();
        }
        try (CoordinatorHome home = CoordinatorHome.open(home())) {
            assertThat(home.server().certificate().getEncoded()).isEqualTo(before);
        }
        Path settings = home().resolve("coordinator.yaml");
        Files.writeString(settings, Files.readString(settings).replace("10.1.2.3", "10.1.2.4"));
        try (CoordinatorHome home = CoordinatorHome.open(home())) {
            ServerIdentity server = home.server();
            assertThat(server.certificate().getSubjectAlternativeNames())
                    .map(name -> name.get(1).toString())
                    .contains("10.1.2.4")
                    .doesNotContain("10.1.2.3");
            // A key of another certificate, as after a crash between the two files.
            Files.copy(home().resolve("authority/key.pem"), server.key(), StandardCopyOption.REPLACE_EXISTING);
        }
        try (CoordinatorHome home = CoordinatorHome.open(home())) {
            assertThat(Arrays.equals(
                            Files.readAllBytes(home.server().key()),
                            Files.readAllBytes(home().resolve("authority/key.pem"))))
                    .isFalse();
        }
    }

    @Test
    @Tag("system")
    void aDatabaseOnPostgresqlIsOneCoordinators() {
        Optional<String> url = Optional.of(PostgresServer.shared().database());
        OperatorFile operator = OperatorFile.read(CoordinatorHome.init(home(), List.of(), 7443, url));
        assertThat(operator.address()).isEqualTo("localhost:7443");
        assertThat(home().resolve("sotto.db")).doesNotExist();
        try (CoordinatorHome home = CoordinatorHome.open(home())) {
            assertThat(home.identities().access(operator.token())).isPresent();
            assertThat(home.database().name()).doesNotContain("user=");
        }
        assertThatThrownBy(() -> CoordinatorHome.init(folder.resolve("second"), List.of(), 7443, url))
                .hasMessageContaining("belongs to coordinator c-");
    }
}
