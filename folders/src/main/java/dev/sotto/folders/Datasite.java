package dev.sotto.folders;

import dev.sotto.formats.ShellWord;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.sealed.PinnedKeys;
import dev.sotto.wire.sealed.PrivateFile;
import dev.sotto.wire.sealed.SealingKeys;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;

/**
 * One party's place: a data folder with a private tree, which never leaves this machine, and the synced tree of all
 * datasites, in which each has a folder of the name of its email. Everything in the synced tree may be read, written and
 * deleted by anybody.
 *
 * <pre>
 * DATA/private/sotto/                        keys, ledger, what the process keeps
 * DATA/private/fl_client/                    the owner's data, and request/, running/, done/ of projects it is asked for
 * DATA/private/fl_aggregator/                test data, and launch/, running/, done/ of projects that it runs
 * SYNCED/EMAIL/app_data/key-card             public keys
 * SYNCED/EMAIL/app_data/fl_client/           {request,running,done}/PROJECT/
 * SYNCED/EMAIL/app_data/fl_aggregator/       {launch,running,done}/PROJECT/
 * </pre>
 */
public final class Datasite {
    /** What the folder of applications is called, if nobody says. */
    public static final String APP_DATA = "app_data";
    /** What some call it. */
    public static final String API_DATA = "api_data";
    /** The public keys, in the folder of applications. */
    public static final String KEY_CARD = "key-card";

    private static final String SETTINGS = "datasite.properties";

    private final Path data;
    private final Email email;
    private final Path synced;
    private final String folder;
    private final SealingKeys keys;
    private final PinnedKeys pins;

    private Datasite(Path data, Email email, Path synced, String folder) throws IOException {
        this.data = data.toAbsolutePath().normalize();
        this.email = email;
        this.synced = synced.toAbsolutePath().normalize();
        this.folder = folder;
        this.keys = SealingKeys.readOrCreate(home().resolve("keys"));
        this.pins = new PinnedKeys(home().resolve("pins"));
    }

    /**
     * Makes a datasite in a data folder, or opens it as it was made.
     *
     * @param synced the tree that all datasites share, which must be there; empty for {@code DATA/datasites}, which is made
     * @param folder {@link #APP_DATA} or {@link #API_DATA}
     * @throws ConfigException in one line, if another datasite is there already, or nothing can be written
     */
    public static Datasite init(Path data, Email email, Optional<Path> synced, String folder) {
        if (!folder.equals(APP_DATA) && !folder.equals(API_DATA)) {
            throw new ConfigException(
                    "'" + folder + "' is no folder of applications; it must be " + APP_DATA + " or " + API_DATA);
        }
        Path tree = synced.orElseGet(() -> data.resolve("datasites"))
                .toAbsolutePath()
                .normalize();
        try {
            Path settings = home(data).resolve(SETTINGS);
            if (Files.exists(settings)) {
                Datasite there = open(data);
                if (!there.email.equals(email) || !there.synced.equals(tree) || !there.folder.equals(folder)) {
                    throw new ConfigException(data + ": it is the datasite of " + there.email + " with the synced tree "
                            + there.synced + " and " + there.folder + "; give another data folder");
                }
                return there;
            }
            Path own = data.toAbsolutePath().normalize();
            if (own.resolve("private").startsWith(tree)) {
                throw new ConfigException(
                        data + ": the private tree would lie in the synced one, " + tree + "; give other folders");
            }
            // Made here, nothing would ever be synced into it.
            if (synced.isPresent() && !Files.isDirectory(tree)) {
                throw new ConfigException("--synced " + tree + ": "
                        + (Files.exists(tree) ? "it is no folder" : "there is no such folder")
                        + "; give the folder that your program syncs, or leave it out for "
                        + data.resolve("datasites"));
            }
            PrivateFile.folder(home(data));
            Files.createDirectories(tree);
            Datasite made = new Datasite(data, email, tree, folder);
            made.makeFolders();
            Properties written = new Properties();
            written.setProperty("email", email.text());
            written.setProperty("synced", tree.toString());
            written.setProperty("folder", folder);
            StringBuilder text = new StringBuilder();
            written.stringPropertyNames().stream().sorted().forEach(name -> text.append(name)
                    .append('=')
                    .append(written.getProperty(name).replace("\\", "\\\\"))
                    .append('\n'));
            // Last: with it the datasite is there.
            PrivateFile.write(settings, text.toString());
            return made;
        } catch (IOException e) {
            throw new ConfigException(data + ": no datasite can be made here: " + e.getMessage());
        }
    }

    private void makeFolders() throws IOException {
        for (String role : new String[] {"fl_client", "fl_aggregator"}) {
            PrivateFile.folder(privateTree().resolve(role));
        }
        for (String each : new String[] {"request", "running", "done"}) {
            PrivateFile.folder(privateTree().resolve("fl_client").resolve(each));
            own("fl_client", each).make();
        }
        for (String each : new String[] {"launch", "running", "done"}) {
            PrivateFile.folder(privateTree().resolve("fl_aggregator").resolve(each));
            own("fl_aggregator", each).make();
        }
        publish();
    }

    /**
     * Opens a datasite that was made.
     *
     * @throws ConfigException in one line, if there is none
     */
    public static Datasite open(Path data) {
        Path settings = home(data).resolve(SETTINGS);
        if (!Files.exists(settings)) {
            throw new ConfigException(
                    data + ": there is no datasite; make one with 'sotto datasite init --email EMAIL --data-dir "
                            + ShellWord.of(data) + "'");
        }
        try {
            Properties read = new Properties();
            read.load(new StringReader(Files.readString(settings)));
            return new Datasite(
                    data,
                    Email.of(read.getProperty("email", "")),
                    Path.of(read.getProperty("synced", "")),
                    read.getProperty("folder", APP_DATA));
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigException(settings + ": it cannot be used: " + e.getMessage());
        }
    }

    /** Whether a datasite was made in that data folder. */
    public static boolean exists(Path data) {
        return Files.exists(home(data).resolve(SETTINGS));
    }

    private static Path home(Path data) {
        return data.toAbsolutePath().normalize().resolve("private").resolve("sotto");
    }

    /** The data folder. */
    public Path data() {
        return data;
    }

    /** Whose it is. */
    public Email email() {
        return email;
    }

    /** The tree that all datasites share. */
    public Path synced() {
        return synced;
    }

    /** What never leaves this machine. */
    public Path privateTree() {
        return data.resolve("private");
    }

    /** Where the owner's ledger, requests and keys are: what {@code Owner.open} takes. */
    public Path home() {
        return home(data);
    }

    /** Its public keys; people compare {@link KeyCard#fingerprint}. */
    public KeyCard card() {
        return KeyCard.of(email.text(), folder, keys);
    }

    /**
     * Says which fingerprint another datasite's key card must have, before or after it was met.
     *
     * @throws IllegalArgumentException in one line, if it has another
     */
    public void expect(Email other, String fingerprint) {
        try {
            pins.expect(other.text(), fingerprint);
        } catch (IOException e) {
            throw new UncheckedIOException("it cannot be kept: " + e.getMessage(), e);
        }
    }

    /** The secret half of its keys. */
    public SealingKeys keys() {
        return keys;
    }

    /** The key cards that it has met. */
    public PinnedKeys pins() {
        return pins;
    }

    /** A folder of this datasite's own in the synced tree. */
    public GuardedFolder own(String... names) {
        return GuardedFolder.root(synced).below(email.text(), folder).below(names);
    }

    /** A folder of another's, whose card says what its folder is called. */
    public GuardedFolder of(KeyCard other, String... names) {
        return GuardedFolder.root(synced).below(other.name(), other.folder()).below(names);
    }

    /** Shows the public keys, if they are not shown. */
    void publish() throws IOException {
        own().write(KEY_CARD, card().bytes());
    }

    /**
     * Keeps other processes from running this datasite until it is closed.
     *
     * @throws ConfigException if one runs
     */
    FileChannel alone() {
        try {
            FileChannel channel = FileChannel.open(
                    home().resolve("datasite.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException e) {
                // By this very process.
            }
            channel.close();
            throw new ConfigException(data + ": this datasite is run by another process; stop that one first");
        } catch (IOException e) {
            throw new UncheckedIOException(data + ": it cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return email + " at " + data;
    }
}
