package dev.sotto.experiment.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataContext;
import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.run.RunDirectory;
import dev.sotto.formats.FormatException;
import dev.sotto.formats.Limits;
import dev.sotto.formats.Npz;
import dev.sotto.formats.StoredArchive;
import dev.sotto.formats.Tensor;
import dev.sotto.privacy.random.Randomness;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages: made, read back, and refused in one line when anything in them is not as it was signed. */
final class SessionPackageTest {
    private static final String YAML = """
            name: trial
            seed: 5
            data: {source: generated, train: 200, test: 20, features: 4, classes: 3, clients: 4}
            model: {name: mine, layers: [{linear: 6}, tanh, {linear: 3}]}
            rounds: 3
            cohort: {fraction: 0.5, dropout: 0.1}
            privacy: {example-level: {epsilon: 3}}
            """;
    private static final KeyPair KEY = SigningKey.generate();
    private static final SessionDraft DRAFT = draft();
    private static final float[] SEED = DRAFT.initial(Randomness.seeded(5));

    @TempDir
    Path folder;

    private static ExperimentFile file(String yaml) {
        return ExperimentFile.parse("trial.yaml", Path.of(""), yaml);
    }

    private static SessionDraft draft() {
        return SessionDraft.of(file(YAML), DataContext.ofSystem(), 1);
    }

    private static byte[] valid() {
        return SessionPackage.create(DRAFT, SEED, KEY);
    }

    /** The entries of a valid package, to be tampered with. */
    private static Map<String, byte[]> entries() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        StoredArchive.Reader reader = new StoredArchive.Reader("p", new ByteArrayInputStream(valid()), 9);
        for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
            entries.put(entry.get().name(), entry.get().content().readAllBytes());
        }
        return entries;
    }

    private static byte[] archive(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StoredArchive.Writer writer = new StoredArchive.Writer(out);
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            writer.entry(entry.getKey(), to -> to.write(entry.getValue()));
        }
        writer.finish();
        return out.toByteArray();
    }

    /** Entries signed anew, as an operator could who wants harm. */
    private static byte[] signed(String terms, String contract, byte[] seed) throws IOException {
        Map<String, byte[]> content = new LinkedHashMap<>();
        content.put(SessionPackage.TERMS, terms.getBytes(StandardCharsets.UTF_8));
        content.put(SessionPackage.CONTRACT, contract.getBytes(StandardCharsets.UTF_8));
        content.put(SessionPackage.SEED, seed);
        Map<String, Manifest.Item> items = new LinkedHashMap<>();
        content.forEach((name, bytes) -> items.put(name, Manifest.Item.of(bytes)));
        byte[] manifest = new Manifest(items).bytes();
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(Manifest.NAME, manifest);
        entries.put(Seal.NAME, Seal.of(manifest, KEY).bytes());
        entries.putAll(content);
        return archive(entries);
    }

    private static byte[] seed(List<Supplier<Tensor>> tensors) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Npz.writeStored(out, tensors);
        return out.toByteArray();
    }

    private static String terms() {
        return RunDirectory.yaml(DRAFT.terms());
    }

    private static String contract() {
        return DRAFT.contract().json().toString();
    }

    private static void refused(String message, byte[] bytes) {
        assertThatThrownBy(() -> SessionPackage.open(bytes))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("package: ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void whatWasPackedIsThere() throws IOException {
        SessionPackage opened = SessionPackage.open(valid());
        assertThat(opened.terms()).isEqualTo(DRAFT.terms());
        assertThat(opened.contract()).isEqualTo(DRAFT.contract());
        assertThat(opened.model()).isEqualTo(DRAFT.model());
        assertThat(opened.seed()).isEqualTo(SEED);
        assertThat(opened.signer()).isEqualTo(KEY.getPublic());
        assertThat(opened.verify(KEY.getPublic())).isSameAs(opened);
        assertThat(opened.digest()).isEqualTo(Hashing.sha256().digest(valid()));
        Experiment experiment = Experiment.load(file(YAML), DataContext.ofSystem());
        assertThat(opened.terms(4).plan())
                .usingRecursiveComparison()
                .ignoringFields("participation.reliability")
                .isEqualTo(experiment.plan());
    }

    @Test
    void theSameInputGivesTheSameBytes() throws IOException {
        assertThat(SessionPackage.create(draft(), SEED.clone(), KEY)).isEqualTo(valid());
        byte[] otherKey = SessionPackage.create(DRAFT, SEED, SigningKey.generate());
        assertThat(otherKey).isNotEqualTo(valid());
        SessionPackage again = SessionPackage.open(valid());
        SessionDraft read = new SessionDraft(again.terms(), again.contract(), again.model());
        assertThat(SessionPackage.create(read, again.seed(), KEY)).isEqualTo(valid());
    }

    @Test
    void aContractStandsInForData() {
        String yaml = YAML.replaceFirst("data: .*", "contract: {features: [4], classes: 3}")
                .replace(", dropout: 0.1", "");
        assertThat(SessionDraft.of(file(yaml), DataContext.ofSystem(), 4).contract())
                .isEqualTo(DRAFT.contract());
        assertThat(SessionDraft.of(file(yaml), DataContext.ofSystem(), 4).terms())
                .isEqualTo(DRAFT.terms());
        assertThatThrownBy(() -> SessionDraft.of(
                        file(YAML + "contract: {features: [4], classes: 3}\n"), DataContext.ofSystem(), 4))
                .hasMessageStartingWith("trial.yaml: contract: give contract")
                .hasMessageEndingWith("not both");
        assertThatThrownBy(() ->
                        SessionDraft.of(file("contract: {features: [4], clases: 3}\n"), DataContext.ofSystem(), 4))
                .hasMessageStartingWith("trial.yaml: contract: ");
    }

    @Test
    void anotherSignerIsRefused() throws IOException {
        SessionPackage opened = SessionPackage.open(valid());
        KeyPair other = SigningKey.generate();
        assertThatThrownBy(() -> opened.verify(other.getPublic()))
                .isInstanceOf(FormatException.class)
                .hasMessage("package: signature: signed with the key " + SigningKey.fingerprint(KEY.getPublic())
                        + "; the key that is trusted is " + SigningKey.fingerprint(other.getPublic()));
    }

    @Test
    void aChangedEntryIsRefused() throws IOException {
        for (String name : List.of("terms.yaml", "contract.json", "seed.npz")) {
            Map<String, byte[]> entries = entries();
            byte[] changed = entries.get(name).clone();
            changed[changed.length / 2] ^= 1;
            entries.put(name, changed);
            refused(name, archive(entries));
        }
        Map<String, byte[]> entries = entries();
        entries.put("terms.yaml", terms().replace("rounds: 3", "rounds: 9").getBytes(StandardCharsets.UTF_8));
        refused("package: entry terms.yaml: its SHA-256 is ", archive(entries));
        Map<String, Manifest.Item> items = new LinkedHashMap<>();
        entries.forEach((name, bytes) -> items.put(name, Manifest.Item.of(bytes)));
        items.keySet().removeAll(List.of(Manifest.NAME, Seal.NAME));
        entries.put(Manifest.NAME, new Manifest(items).bytes());
        refused("package: signature: it is not a signature over this manifest by the key it names", archive(entries));
    }

    @Test
    void namesThatDoNotBelongAreRefused() throws IOException {
        for (String name : List.of("../../etc/passwd", "/etc/passwd", "..\\x", "run.sh", "terms.yaml/", "")) {
            Map<String, byte[]> entries = entries();
            entries.put(name, new byte[] {1});
            refused("more than 5 entries", archive(entries));
            Map<String, byte[]> instead = new LinkedHashMap<>();
            entries().forEach((known, bytes) -> instead.put(known.equals("seed.npz") ? name : known, bytes));
            refused("package: entry " + name + ": unknown; a package holds only manifest.json, ", archive(instead));
        }
        Map<String, byte[]> entries = entries();
        Map<String, byte[]> swapped = new LinkedHashMap<>();
        swapped.put("signature", entries.get("signature"));
        swapped.putAll(entries);
        refused("entries must come in the order manifest.json, signature", archive(swapped));
        entries.remove("seed.npz");
        refused("package: it has no entry seed.npz", archive(entries));
        refused("package: it has no entry manifest.json", archive(Map.of()));
    }

    @Test
    void compressedOrDoubledEntriesAreRefused() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bomb)) {
            zip.putNextEntry(new ZipEntry("manifest.json"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                zip.write(zeros);
            }
        }
        refused(
                "package: entry manifest.json: it is compressed; entries must be stored as they are",
                bomb.toByteArray());
        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        StoredArchive.Writer writer = new StoredArchive.Writer(twice);
        for (int i = 0; i < 2; i++) {
            writer.entry("manifest.json", to -> to.write(entries().get("manifest.json")));
        }
        writer.finish();
        refused("package: entry manifest.json: it is there twice", twice.toByteArray());
        Map<String, byte[]> entries = entries();
        entries.put("manifest.json", new byte[(1 << 20) + 1]);
        refused("package: entry manifest.json: 1048577 bytes; at most 1048576 are read", archive(entries));
    }

    @Test
    void truncationIsRefusedEverywhere() throws IOException {
        byte[] valid = valid();
        for (int length = 0; length < valid.length; length += 13) {
            refused(": ", Arrays.copyOf(valid, length));
        }
    }

    @Test
    void parametersThatDoNotFitAreRefused() throws IOException {
        float[] weight = new float[24];
        Tensor w0 = new Tensor("0", List.of(6, 4), weight);
        Tensor b0 = new Tensor("1", List.of(6), new float[6]);
        Tensor w1 = new Tensor("2", List.of(3, 6), new float[18]);
        Tensor b1 = new Tensor("3", List.of(3), new float[3]);
        float[] bad = {0, Float.NaN, 0};
        assertThat(SessionPackage.open(
                                signed(terms(), contract(), seed(List.of(() -> w0, () -> b0, () -> w1, () -> b1))))
                        .seed())
                .hasSize(51);
        refused(
                "package: seed.npz, array 3: value 1 is NaN; all must be finite",
                signed(
                        terms(),
                        contract(),
                        seed(List.of(() -> w0, () -> b0, () -> w1, () -> new Tensor("3", List.of(3), bad)))));
        Tensor turned = new Tensor("0", List.of(4, 6), weight);
        refused(
                "package: seed.npz, array 0: shape [4, 6]; the model's 0.weight is [6, 4]",
                signed(terms(), contract(), seed(List.of(() -> turned, () -> b0, () -> w1, () -> b1))));
        refused(
                "package: seed.npz, array 1: expected array 0 here",
                signed(terms(), contract(), seed(List.of(() -> b0, () -> w0, () -> w1, () -> b1))));
        refused(
                "entry seed.npz: 3 arrays; the model has 4",
                signed(terms(), contract(), seed(List.of(() -> w0, () -> b0, () -> w1))));
        refused(
                "seed.npz: offset",
                signed(
                        terms(),
                        contract(),
                        seed(List.of(
                                () -> w0,
                                () -> b0,
                                () -> w1,
                                () -> b1,
                                () -> new Tensor("4", List.of(1), new float[1])))));
        refused("cannot hold the 51 parameters", signed(terms(), contract(), new byte[0]));
        ObjectNode huge = JsonNodeFactory.instance.objectNode();
        huge.putArray("features").add(1 << 30);
        huge.put("values", 1);
        refused(
                "entry seed.npz: 1073741825 parameters are 4294967300 bytes; at most 2147483648 are read",
                signed("name: x\n", huge.toString(), new byte[0]));
    }

    @Test
    void termsThatDoNotHoldAreRefused() throws IOException {
        byte[] seed = entries().get("seed.npz");
        refused(
                "package: terms.yaml: seed: it is not part of a session's terms",
                signed(terms() + "seed: 4\n", contract(), seed));
        refused("package: terms.yaml: run: unknown key", signed(terms() + "run: evil.sh\n", contract(), seed));
        refused("package: terms.yaml:", signed("{", contract(), seed));
        refused("package: terms.yaml:", signed("[".repeat(100_000), contract(), seed));
        refused("package: terms.yaml:", signed("!!java.net.URL [x]: 1", contract(), seed));
        refused("package: contract.json: not JSON", signed(terms(), "{\"features\":", seed));
        refused(
                "package: contract.json: more: unknown key",
                signed(terms(), "{\"features\":[4],\"classes\":3,\"more\":1}", seed));
        refused("package: contract.json:", signed(terms(), "[".repeat(100_000), seed));
        refused("outputs, but the data has 2 classes", signed(terms(), "{\"features\":[4],\"classes\":2}", seed));
        Map<String, byte[]> entries = entries();
        byte[] manifest = "{\"format\":2}\n".getBytes(StandardCharsets.UTF_8);
        entries.put(Manifest.NAME, manifest);
        entries.put(Seal.NAME, Seal.of(manifest, KEY).bytes());
        refused("package: manifest.json: format 2; this version reads format 1", archive(entries));
    }

    @Test
    void packagesFromAFileAreReadWithinLimits() throws IOException {
        Path file = Files.write(folder.resolve("trial.zip"), valid());
        assertThat(SessionPackage.open(file).seed()).isEqualTo(SEED);
        assertThatThrownBy(() -> SessionPackage.open(file, new Limits(203, 10)))
                .isInstanceOf(FormatException.class)
                .hasMessage(file + ": entry seed.npz: 51 parameters are 204 bytes; at most 203 are read");
        assertThatThrownBy(() -> SessionPackage.open(folder.resolve("none.zip")))
                .hasMessageEndingWith("none.zip: package: there is no such file");
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .containsExactly("manifest.json", "signature", "terms.yaml", "contract.json", "seed.npz");
        }
    }

    /** Whatever happens to the bytes on their way: never another content, never anything but one line. */
    @Test
    void damagedPackagesAreRefusedInOneLine() {
        byte[] valid = valid();
        SplittableRandom random = new SplittableRandom(21);
        for (int i = 0; i < 1000; i++) {
            byte[] damaged = valid.clone();
            for (int change = 0; change <= random.nextInt(3); change++) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
            }
            if (!Arrays.equals(damaged, valid)) {
                refused(": ", damaged);
            }
        }
    }

    /** Whatever an operator signs: read, or refused in one line. */
    @Test
    void damagedTermsThatAreSignedAreReadOrRefusedInOneLine() throws IOException {
        byte[] seed = entries().get("seed.npz");
        SplittableRandom random = new SplittableRandom(22);
        int read = 0;
        for (int i = 0; i < 400; i++) {
            StringBuilder terms = new StringBuilder(terms());
            StringBuilder contract = new StringBuilder(contract());
            StringBuilder damaged = random.nextInt(4) == 0 ? contract : terms;
            String telling = "{}[]:,-#&*!|>'\"%@`\n\t 0129e.~\u0000\u2028x";
            for (int change = 0; change <= random.nextInt(4); change++) {
                int at = random.nextInt(damaged.length());
                damaged.setCharAt(at, telling.charAt(random.nextInt(telling.length())));
            }
            try {
                SessionPackage.open(signed(terms.toString(), contract.toString(), seed));
                read++;
            } catch (FormatException e) {
                assertThat(e.getMessage()).startsWith("package: ").doesNotContain("\n", "\r", ": null");
            }
        }
        assertThat(read).isBetween(1, 380);
    }

    @Test
    void keysAreKeptFromOthers() throws IOException {
        Path file = folder.resolve("key.pem");
        KeyPair made = SigningKey.readOrCreate(file);
        assertThat(SigningKey.readOrCreate(file).getPublic()).isEqualTo(made.getPublic());
        assertThat(SigningKey.readPublic(file)).isEqualTo(made.getPublic());
        assertThat(SessionPackage.create(DRAFT, SEED, made))
                .isEqualTo(SessionPackage.create(DRAFT, SEED, SigningKey.read(file)));
        assertThat(MessageDigest.isEqual(
                        made.getPrivate().getEncoded(),
                        SigningKey.read(file).getPrivate().getEncoded()))
                .isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> SigningKey.create(file)).hasMessageContaining("there is a file already");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> SigningKey.read(file)).hasMessageEndingWith("run chmod 600 on it");
        Path mixed = folder.resolve("mixed.pem");
        Files.writeString(
                mixed,
                SigningKey.pem("PRIVATE KEY", made.getPrivate().getEncoded())
                        + SigningKey.pem("PUBLIC KEY", KEY.getPublic().getEncoded()));
        Files.setPosixFilePermissions(mixed, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> SigningKey.read(mixed)).hasMessageContaining("not a pair of Ed25519 keys");
        assertThatThrownBy(() -> SigningKey.read(folder.resolve("none"))).hasMessageContaining("no such key file");
    }

    @Test
    void aCoordinatorsFolderIsAKeyToo() throws IOException {
        Path home = Files.createDirectory(folder.resolve("package-key"));
        Files.writeString(
                home.resolve("key.pem"),
                SigningKey.pem("PRIVATE KEY", KEY.getPrivate().getEncoded()));
        Files.setPosixFilePermissions(home.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));
        Files.writeString(
                home.resolve("public.pem"),
                SigningKey.pem("PUBLIC KEY", KEY.getPublic().getEncoded()));
        assertThat(SessionPackage.create(DRAFT, SEED, SigningKey.readOrCreate(home)))
                .isEqualTo(valid());
        Files.delete(home.resolve("key.pem"));
        assertThat(SigningKey.readPublic(home)).isEqualTo(KEY.getPublic());
        assertThatThrownBy(() -> SigningKey.read(home)).hasMessageEndingWith("it has no PEM block PRIVATE KEY");
    }
}
