package dev.sotto.coordinator.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.coordinator.store.AuditLine;
import dev.sotto.coordinator.store.Database;
import dev.sotto.wire.Address;
import dev.sotto.wire.JoinToken;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

abstract class IdentitiesContract {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path home;

    private Database database;
    private Authority authority;
    private KeyPair packageKey;
    private Identities identities;
    private final AtomicLong nanos = new AtomicLong(-5);

    abstract String url(Path home);

    @BeforeEach
    void make() throws Exception {
        database = Database.open(url(home), home);
        authority = Authority.create(home.resolve("authority"), "c-1", Lifetimes.DEFAULT);
        packageKey = PackageKey.create(home.resolve("package-key"));
        identities = new Identities(
                database, authority, "c-1", "sotto.example.org:7443", packageKey.getPublic(), nanos::get);
    }

    @AfterEach
    void close() {
        assertThat(database.audit().verify()).isEmpty();
        database.close();
    }

    private String token() {
        return identities.createJoinToken(Optional.empty(), DAY, "admin").token();
    }

    private static X509Certificate certificate(Joined joined) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(joined.certificateChain().get(0)));
    }

    private String refusal(Applicant applicant, String token, String id) {
        try {
            applicant.join(identities, token, id);
        } catch (RefusedException e) {
            return e.getMessage();
        }
        return "not refused";
    }

    @Test
    void aClientJoinsWithATokenAndIsKnownByItsCertificateFromThenOn() throws Exception {
        Applicant applicant = Applicant.fresh();
        Joined joined = applicant.join(identities, token(), "hospital-1");
        X509Certificate certificate = certificate(joined);
        certificate.verify(authority.certificate().getPublicKey());
        assertThat(certificate.getPublicKey()).isEqualTo(applicant.tls().getPublic());
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=hospital-1");
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getKeyUsage())
                .containsExactly(true, false, false, false, false, false, false, false, false);
        assertThat(Duration.between(Instant.now(), certificate.getNotAfter().toInstant()))
                .isBetween(Duration.ofDays(364), Duration.ofDays(366));
        assertThat(joined.certificateChain().get(1))
                .isEqualTo(authority.certificate().getEncoded());
        assertThat(joined.coordinatorId()).isEqualTo("c-1");
        assertThat(joined.packageKey()).isEqualTo(packageKey.getPublic().getEncoded());
        assertThat(identities.client(certificate)).contains("hospital-1");
        assertThat(identities.signingKey("hospital-1"))
                .contains(applicant.signing().getPublic());
        assertThat(identities.signingKey("hospital-2")).isEmpty();
    }

    @Test
    void aTokenIsAsDocumented() {
        String[] parts = token().split("\\.");
        assertThat(parts).hasSize(4).startsWith("sotto1");
        assertThat(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8))
                .isEqualTo("sotto.example.org:7443");
        assertThat(Base64.getUrlDecoder().decode(parts[2])).isEqualTo(authority.fingerprint());
        assertThat(Base64.getUrlDecoder().decode(parts[3])).hasSize(32);
    }

    @Test
    void aTokenIsGoodOnceForItsClientAndForItsTime() throws Exception {
        String once = token();
        Applicant.fresh().join(identities, once, "a");
        assertThat(refusal(Applicant.fresh(), once, "b")).contains("has been used");
        String bound =
                identities.createJoinToken(Optional.of("c"), DAY, "admin").token();
        assertThat(refusal(Applicant.fresh(), bound, "d")).contains("is for client 'c', not 'd'");
        Applicant.fresh().join(identities, bound, "c");
        String brief = identities
                .createJoinToken(Optional.empty(), Duration.ofMillis(1), "admin")
                .token();
        Thread.sleep(20);
        assertThat(refusal(Applicant.fresh(), brief, "e")).contains("was valid until");
        Identities other = new Identities(database, authority, "c-1", "x:1", packageKey.getPublic());
        String unknown =
                new JoinToken(new Address("x", 1), authority.fingerprint(), new byte[32], Optional.empty()).text();
        assertThatThrownBy(() -> Applicant.fresh().join(other, unknown, "e"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("not known here");
        assertThat(database.clients().list()).hasSize(2);
        assertThat(database.audit().lines(1, 100))
                .filteredOn(line -> line.action().equals("join refused"))
                .hasSize(4);
    }

    @Test
    void ofManyWhoUseATokenAtOnceOneJoins() throws Exception {
        String token = token();
        List<Callable<String>> work = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Applicant applicant = Applicant.fresh();
            String id = "client-" + i;
            work.add(() -> refusal(applicant, token, id));
        }
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        int joined = 0;
        try {
            for (Future<String> each : threads.invokeAll(work)) {
                if (each.get().equals("not refused")) {
                    joined++;
                } else {
                    assertThat(each.get()).contains("has been used");
                }
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(joined).isEqualTo(1);
        assertThat(database.clients().list()).hasSize(1);
    }

    @Test
    void anIdIsBoundToWhoHasItUnlessATokenSaysOtherwiseAlsoWhenItIsRevoked() throws Exception {
        X509Certificate first = certificate(Applicant.fresh().join(identities, token(), "a"));
        String another = token();
        assertThat(refusal(Applicant.fresh(), another, "a")).contains("has joined before");
        assertThat(identities.client(first)).contains("a");
        String bound =
                identities.createJoinToken(Optional.of("a"), DAY, "admin").token();
        X509Certificate second = certificate(Applicant.fresh().join(identities, bound, "a"));
        assertThat(identities.client(first)).isEmpty();
        assertThat(identities.client(second)).contains("a");
        identities.revokeClient("a", "lost", "admin");
        assertThat(identities.client(second)).isEmpty();
        assertThat(refusal(Applicant.fresh(), another, "a")).contains("has joined before");
        String again =
                identities.createJoinToken(Optional.of("a"), DAY, "admin").token();
        X509Certificate third = certificate(Applicant.fresh().join(identities, again, "a"));
        assertThat(identities.client(third)).contains("a");
        assertThat(identities.client(second)).isEmpty();
    }

    private X509Certificate renewed(X509Certificate shown, Applicant again) throws Exception {
        return certificate(new Joined(identities.renew(shown, again.csr(), again.proof()), "", new byte[0]));
    }

    private void refusedRenewal(X509Certificate shown, Applicant again, String why) {
        assertThatThrownBy(() -> identities.renew(shown, again.csr(), again.proof()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(why);
    }

    @Test
    void aClientRenewsAndBothCertificatesAreGood() throws Exception {
        Applicant applicant = Applicant.fresh();
        X509Certificate first = certificate(applicant.join(identities, token(), "a"));
        Applicant again = applicant.again("CN=a");
        X509Certificate second = renewed(first, again);
        second.verify(authority.certificate().getPublicKey());
        assertThat(second.getPublicKey()).isEqualTo(again.tls().getPublic());
        assertThat(second.getSubjectX500Principal().getName()).isEqualTo("CN=a");
        assertThat(second.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(identities.client(first)).contains("a");
        assertThat(identities.client(second)).contains("a");
        assertThat(identities.signingKey("a")).contains(applicant.signing().getPublic());
        assertThat(database.clients().list()).singleElement().satisfies(client -> assertThat(client.serial())
                .isEqualTo(second.getSerialNumber().toString(16)));
        assertThat(database.audit().lines(1, 100))
                .filteredOn(line -> line.action().equals("certificate renewed"))
                .singleElement()
                .satisfies(line -> assertThat(line.actor() + " " + line.detail())
                        .contains("a certificate " + second.getSerialNumber().toString(16))
                        .contains(first.getSerialNumber().toString(16)));
        // Its answer was lost: the same key, over either certificate, gives the same one, and no other line.
        assertThat(renewed(first, again)).isEqualTo(second);
        assertThat(database.audit().lines(1, 100))
                .filteredOn(line -> line.action().equals("certificate renewed"))
                .hasSize(1);
        identities.revokeClient("a", "lost", "admin");
        assertThat(identities.client(first)).isEmpty();
        assertThat(identities.client(second)).isEmpty();
        refusedRenewal(second, applicant.again("CN=a"), "revoked");
        String bound =
                identities.createJoinToken(Optional.of("a"), DAY, "admin").token();
        X509Certificate third = certificate(Applicant.fresh().join(identities, bound, "a"));
        assertThat(identities.client(third)).contains("a");
        assertThat(identities.client(first)).isEmpty();
        assertThat(identities.client(second)).isEmpty();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private List<String> refusedRenewals() {
        return database.audit().lines(1, 100).stream()
                .filter(line -> line.action().equals("renewal refused"))
                .map(line -> line.actor() + ": " + line.detail())
                .toList();
    }

    @Test
    void aClientAsksForARenewalSoOftenAndIsThenHeardOnceInAWhile() throws Exception {
        Applicant ann = Applicant.fresh();
        X509Certificate shown = certificate(ann.join(identities, token(), "ann"));
        Applicant bob = Applicant.fresh();
        X509Certificate bobs = certificate(bob.join(identities, token(), "bob"));
        Applicant again = ann.again("CN=ann");
        // A node that is killed each time before it has written what it got asks for the same.
        X509Certificate issued = renewed(shown, again);
        for (int i = 2; i < RenewalRate.AT_ONCE; i++) {
            assertThat(renewed(shown, again)).isEqualTo(issued);
        }
        refusedRenewal(shown, ann.again("CN=bob"), "names 'bob'"); // has cost as much
        String reason = "client 'ann' has asked for a renewal too often; it may 6 times in a row, then once in 600 s,"
                + " and so again from ";
        for (Applicant each : List.of(again, ann.again("CN=ann"), ann.again("CN=bob"), ann.again("CN=ann"))) {
            refusedRenewal(shown, each, reason + Instant.now().toString().substring(0, 4));
            refusedRenewal(issued, each, reason);
        }
        assertThatThrownBy(() -> identities.renew(shown, new byte[1 << 20], new byte[0]))
                .as("nothing of it is read")
                .hasMessageContaining(reason);
        assertThat(refusedRenewals()).hasSize(2).last().asString().startsWith("ann: " + reason);
        renewed(bobs, bob.again("CN=bob"));

        pass(Duration.ofMinutes(10).minusNanos(1));
        refusedRenewal(shown, again, reason);
        pass(Duration.ofNanos(1));
        X509Certificate next = renewed(shown, ann.again("CN=ann"));
        assertThat(next).isNotEqualTo(issued);
        refusedRenewal(next, again, reason);
        assertThat(refusedRenewals())
                .as("one line for each time that it was heard")
                .hasSize(3);
        pass(Duration.ofHours(1));
        for (int i = 0; i < RenewalRate.AT_ONCE; i++) {
            renewed(next, again);
        }
        refusedRenewal(next, again, reason);
    }

    @Test
    void aClientIsToldOfWhenItHasJoinedAndItsOldCertificateIsNothing() throws Exception {
        X509Certificate first = certificate(Applicant.fresh().join(identities, token(), "a"));
        List<String> told = new ArrayList<>();
        identities.onEnrolled(client -> {
            assertThat(identities.client(first)).isEmpty();
            told.add(client);
        });
        assertThat(refusal(Applicant.fresh(), token(), "a")).contains("has joined before");
        assertThat(told).isEmpty();
        String bound =
                identities.createJoinToken(Optional.of("a"), DAY, "admin").token();
        Applicant.fresh().join(identities, bound, "a");
        assertThat(told).containsExactly("a");
    }

    @Test
    void whatARenewalMustBe() throws Exception {
        Applicant ann = Applicant.fresh();
        X509Certificate shown = certificate(ann.join(identities, token(), "ann"));
        Applicant bob = Applicant.fresh();
        certificate(bob.join(identities, token(), "bob"));
        refusedRenewal(
                shown, ann.again("CN=bob"), "names 'bob', and the certificate that was shown is of client 'ann'");
        refusedRenewal(shown, ann.again("CN=ann,O=ward"), "names ''");
        refusedRenewal(shown, ann.again("CN=ann+CN=bob"), "names ''");
        refusedRenewal(shown, bob.again("CN=ann"), "no signature of the client's signing key");
        refusedRenewal(shown, Applicant.again(ann.tls(), "CN=ann", ann.signing()), "must have a new one");
        KeyPair other = Applicant.keys("EC", "secp384r1");
        refusedRenewal(shown, Applicant.again(other, "CN=ann", ann.signing()), "must be of P-256");
        assertThat(database.audit().lines(1, 100))
                .filteredOn(line -> line.action().equals("renewal refused"))
                .hasSize(6)
                .allSatisfy(line -> assertThat(line.actor()).isEqualTo("ann"));
        List<X509Certificate> all = new ArrayList<>(List.of(shown));
        for (int i = 1; i < 8; i++) {
            pass(Duration.ofMinutes(10));
            all.add(renewed(all.get(i - 1), ann.again("CN=ann")));
        }
        assertThat(all).allMatch(one -> identities.client(one).isPresent());
        X509Certificate last = all.get(7);
        pass(Duration.ofMinutes(10));
        X509Certificate ninth = renewed(last, ann.again("CN=ann"));
        assertThat(identities.client(ninth)).contains("ann");
        assertThat(identities.client(last)).as("it was shown").contains("ann");
        assertThat(all)
                .as("one of nine has to go")
                .filteredOn(one -> identities.client(one).isEmpty())
                .hasSize(1);
    }

    @Test
    void anAuthorityNearItsEndGetsAnotherCertificateForTheSameKey() throws Exception {
        Path folder = home.resolve("old-authority");
        Authority old = Authority.create(folder, "c-1", Lifetimes.DEFAULT, Duration.ofDays(4 * 365));
        X509Certificate before = old.certificate();
        X509Certificate issued = certificate(Applicant.fresh()
                .join(
                        new Identities(database, old, "c-1", "x:1", packageKey.getPublic()),
                        new Identities(database, old, "c-1", "x:1", packageKey.getPublic())
                                .createJoinToken(Optional.empty(), DAY, "admin")
                                .token(),
                        "early"));
        Authority opened = Authority.open(folder, "c-1", Lifetimes.DEFAULT);
        assertThat(opened.renew()).isTrue();
        assertThat(opened.renew()).isFalse();
        X509Certificate after = Authority.open(folder, "c-1", Lifetimes.DEFAULT).certificate();
        assertThat(after).isEqualTo(opened.certificate()).isNotEqualTo(before);
        assertThat(opened.fingerprint()).isEqualTo(old.fingerprint());
        assertThat(after.getSubjectX500Principal()).isEqualTo(before.getSubjectX500Principal());
        assertThat(Duration.between(Instant.now(), after.getNotAfter().toInstant())
                        .toDays())
                .isGreaterThan(10_900);
        issued.verify(after.getPublicKey());
    }

    @Test
    void revocationHoldsAtOnceAndIsTold() throws Exception {
        Applicant applicant = Applicant.fresh();
        X509Certificate certificate = certificate(applicant.join(identities, token(), "a"));
        List<String> told = new ArrayList<>();
        identities.onRevoked(client -> {
            assertThat(identities.client(certificate)).isEmpty();
            told.add(client);
        });
        assertThat(identities.revokeClient("a", "laptop stolen", "admin")).isTrue();
        assertThat(identities.revokeClient("a", "again", "admin")).isFalse();
        assertThat(told).containsExactly("a");
        assertThat(identities.signingKey("a")).isEmpty();
        assertThatThrownBy(() -> identities.revokeClient("b", "", "admin"))
                .hasMessageContaining("there is no client 'b'");
        AuditLine line = database.audit().last().orElseThrow();
        assertThat(line.action()).isEqualTo("client revoked");
        assertThat(line.detail()).isEqualTo("laptop stolen");
    }

    @Test
    void certificatesOfOthersAreNobodys() throws Exception {
        Applicant applicant = Applicant.fresh();
        X509Certificate own = certificate(applicant.join(identities, token(), "a"));
        Authority impostor = Authority.create(home.resolve("impostor"), "c-1", Lifetimes.DEFAULT);
        X509Certificate forged = impostor.client(CertificateRequest.key(applicant.csr()), "a");
        assertThat(identities.client(forged)).isEmpty();
        assertThat(identities.client(authority.certificate())).isEmpty();
        assertThat(identities.client(own)).contains("a");
    }

    @Test
    void onlyAWholeRequestWithAP256KeyIsSigned() throws Exception {
        String token = token();
        KeyPair good = Applicant.keys("EC", "secp256r1");
        KeyPair other = Applicant.keys("EC", "secp256r1");
        KeyPair large = Applicant.keys("EC", "secp384r1");
        assertThat(refusal(Applicant.with(large, "SHA384withECDSA"), token, "a"))
                .contains("must be of P-256");
        byte[] foreign = Applicant.request(good, other, "SHA256withECDSA");
        assertThat(refusal(Applicant.signed(foreign, good), token, "a")).contains("not signed with its own key");
        assertThat(refusal(Applicant.with(good, "SHA1withECDSA"), token, "a")).contains("not signed with its own key");
        assertThat(refusal(Applicant.signed(new byte[9_000], good), token, "a")).contains("at most 8192");
        Applicant fine = Applicant.fresh();
        Applicant wrongProof = new Applicant(
                fine.tls(), fine.signing(), fine.csr(), Applicant.fresh().proof());
        assertThat(refusal(wrongProof, token, "a")).contains("proof");
        Applicant noProof = new Applicant(fine.tls(), fine.signing(), fine.csr(), new byte[0]);
        assertThat(refusal(noProof, token, "a")).contains("proof");
        Applicant noKey = new Applicant(fine.tls(), fine.tls(), fine.csr(), fine.proof());
        assertThat(refusal(noKey, token, "a")).contains("no Ed25519 key");
        for (String id : new String[] {"", "a/b", "..", ".a", "a b", "a\n", "\u00e4", "x".repeat(65), "CN=a,O=b"}) {
            assertThat(refusal(fine, token, id)).contains("client id is not valid");
        }
        fine.join(identities, token, "a"); // nothing of all that has used the token up
    }

    @Test
    void damagedTokensAndRequestsAreRefusedInOneLineWhateverTheirBytes() throws Exception {
        Random random = new Random(5);
        String token = token();
        Applicant fine = Applicant.fresh();
        for (int i = 0; i < 400; i++) {
            StringBuilder text = new StringBuilder(token);
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(0x3000));
                case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(20)));
                default -> text.insert(at, (char) (32 + random.nextInt(96)));
            }
            String damaged = text.toString();
            if (!damaged.equals(token) && sameSecret(damaged, token)) {
                continue; // only the address or the fingerprint differs, which are for the node
            }
            if (!damaged.equals(token)) {
                assertOneLine(refusal(fine, damaged, "a"));
            }
        }
        for (int i = 0; i < 1_500; i++) {
            byte[] csr = fine.csr().clone();
            for (int change = 0; change <= random.nextInt(3); change++) {
                csr[random.nextInt(csr.length)] ^= (byte) (1 + random.nextInt(255));
            }
            if (Arrays.equals(csr, fine.csr())) {
                continue; // one change has undone another
            }
            byte[] cut = random.nextInt(4) == 0 ? Arrays.copyOf(csr, random.nextInt(csr.length)) : csr;
            assertOneLine(refusal(Applicant.signed(cut, fine.tls()), token, "a"));
        }
        assertThat(database.clients().list()).isEmpty();
        // A stranger's noise does not fill the log.
        assertThat(database.audit().last().orElseThrow().number()).isLessThan(400);
        fine.join(identities, token, "a");
    }

    private static boolean sameSecret(String damaged, String token) {
        try {
            return Arrays.equals(
                    JoinToken.parse(damaged).secret(), JoinToken.parse(token).secret());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void assertOneLine(String refusal) {
        assertThat(refusal)
                .isNotEqualTo("not refused")
                .isNotBlank()
                .doesNotContain("\n")
                .hasSizeLessThan(300);
    }

    @Test
    void accessTokensHaveARoleAndATimeAndCanBeRevoked() throws Exception {
        String admin =
                identities.createAccessToken("anna", Role.ADMIN, DAY, "init").token();
        String viewer = identities
                .createAccessToken("dashboard", Role.VIEWER, DAY, "anna")
                .token();
        String brief = identities
                .createAccessToken("brief", Role.OPERATOR, Duration.ofMillis(1), "anna")
                .token();
        Thread.sleep(20);
        assertThat(identities.access(admin)).contains(new Access("anna", Role.ADMIN));
        assertThat(identities.access(viewer)).contains(new Access("dashboard", Role.VIEWER));
        assertThat(identities.access(brief)).isEmpty();
        assertThat(identities.access(admin + "x")).isEmpty();
        assertThat(identities.access("")).isEmpty();
        assertThat(identities.access("sotto-access." + "x".repeat(100_000))).isEmpty();
        assertThatThrownBy(() -> identities.createAccessToken("anna", Role.VIEWER, DAY, "anna"))
                .hasMessageContaining("there is an access token named 'anna'");
        identities.revokeAccessToken("anna", "anna");
        assertThat(identities.access(admin)).isEmpty();
        assertThatThrownBy(() -> identities.revokeAccessToken("anna", "anna")).hasMessageContaining("no access token");
        identities.createAccessToken("anna", Role.VIEWER, DAY, "init");
        assertThat(Role.ADMIN.allows(Role.OPERATOR)).isTrue();
        assertThat(Role.OPERATOR.allows(Role.ADMIN)).isFalse();
        assertThat(Role.VIEWER.allows(Role.VIEWER)).isTrue();
    }

    @Test
    void noSecretIsInTheDatabase() throws Exception {
        String join = token();
        String access =
                identities.createAccessToken("anna", Role.ADMIN, DAY, "init").token();
        StringBuilder everything = new StringBuilder();
        try (Connection connection = DriverManager.getConnection(url(home));
                Statement statement = connection.createStatement()) {
            for (String table : new String[] {"join_tokens", "access_tokens", "audit"}) {
                ResultSet rows = statement.executeQuery("SELECT * FROM " + table);
                while (rows.next()) {
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        everything.append(rows.getString(i)).append('\n');
                    }
                }
            }
        }
        String secret = join.substring(join.lastIndexOf('.') + 1);
        byte[] bytes = Base64.getUrlDecoder().decode(secret);
        assertThat(everything.toString())
                .contains("anna")
                .doesNotContain(secret)
                .doesNotContain(HexFormat.of().formatHex(bytes))
                .doesNotContain(access.substring("sotto-access.".length()));
        try (Stream<Path> files = Files.walk(home)) {
            assertThat(files.filter(Files::isRegularFile)).isNotEmpty().allSatisfy(file -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------"));
        }
    }
}
