package dev.sotto.folders.mail;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.GuardedFolder.Stamp;
import dev.sotto.wire.sealed.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What must lie in synced folders until it is no longer needed, with copies in the private tree: whatever is deleted or changed
 * there is written again, the very same bytes, also after this process has died. Thread-safe.
 */
final class Outbox {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String INDEX = "index.json";

    private final Path folder;
    private final Path synced;
    private final String own;
    private final Quarantine quarantine;
    private final Way way;
    private final Map<String, Entry> entries;
    private final Map<String, Stamp> intact = new HashMap<>();

    /**
     * A file.
     *
     * @param project that it belongs to
     * @param name of it
     * @param places folders below the synced tree, one of which it must lie in; it is written to the first
     * @param sha256 of it
     * @param bytes of it
     */
    record Entry(String project, String name, List<List<String>> places, String sha256, long bytes) {
        String key() {
            return String.join("/", places.get(0)) + "/" + name;
        }
    }

    /**
     * Kept in a folder.
     *
     * @param own name of the folder in the synced tree in which this datasite may clear the way
     */
    Outbox(Path folder, Path synced, String own, Quarantine quarantine) throws IOException {
        this.folder = PrivateFile.folder(folder);
        this.synced = synced;
        this.own = own;
        this.quarantine = quarantine;
        this.way = new Way(quarantine);
        this.entries = new LinkedHashMap<>();
        Path index = folder.resolve(INDEX);
        if (Files.exists(index)) {
            for (Entry entry : JSON.readValue(Files.readAllBytes(index), new TypeReference<List<Entry>>() {})) {
                entries.put(entry.key(), entry);
            }
        }
    }

    /** Puts a file into the first of the places, and keeps it there. */
    synchronized void put(String project, String name, byte[] content, GuardedFolder... places) throws IOException {
        String sha256 = sha256(content);
        List<List<String>> paths = Stream.of(places).map(GuardedFolder::names).toList();
        Entry entry = new Entry(project, name, paths, sha256, content.length);
        if (entry.equals(entries.get(entry.key()))) {
            keep(entry);
            return;
        }
        Path copy = folder.resolve(sha256);
        if (!Files.exists(copy)) {
            PrivateFile.write(copy, content);
        }
        entries.put(entry.key(), entry);
        intact.remove(entry.key());
        save();
        try {
            write(entry, content);
        } catch (IOException e) {
            quarantine.unwritten(folder(paths.get(0)).file(name), e);
        }
    }

    /** Over what was there before, wherever that is by now. */
    private void write(Entry entry, byte[] content) throws IOException {
        GuardedFolder place = folder(entry.places().get(0));
        for (List<String> each : entry.places()) {
            if (there(folder(each), entry.name())) {
                place = folder(each);
                break;
            }
        }
        if (place.names().get(0).equals(own)) {
            way.clearFiles(place, entry.name());
        }
        place.write(entry.name(), content);
        place.stamp(entry.name()).ifPresent(stamp -> intact.put(entry.key(), stamp));
    }

    private static boolean there(GuardedFolder place, String name) {
        try {
            return place.stamp(name).isPresent();
        } catch (IOException e) {
            return false; // something is in the way there
        }
    }

    /** Lets go of files of a project; they stay where they are. */
    synchronized void forget(String project, Predicate<String> name) throws IOException {
        boolean changed = entries.values()
                .removeIf(each ->
                        (each.project().equals(project) || each.project().startsWith(project + " "))
                                && name.test(each.name()));
        if (changed) {
            intact.keySet().retainAll(entries.keySet());
            save();
        }
    }

    /** Writes again whatever is not as it must be. */
    void guard() {
        List<Entry> now;
        synchronized (this) {
            now = new ArrayList<>(entries.values());
        }
        now.forEach(this::keep);
    }

    private synchronized void keep(Entry entry) {
        if (!entry.equals(entries.get(entry.key()))) {
            return;
        }
        GuardedFolder first = folder(entry.places().get(0));
        try {
            Optional<String> seen = Optional.empty();
            for (List<String> place : entry.places()) {
                Optional<String> wrong = wrong(entry, folder(place));
                if (wrong.isEmpty()) {
                    return;
                }
                seen = seen.isPresent() ? seen : wrong.filter(why -> !why.isEmpty());
            }
            boolean again = intact.containsKey(entry.key());
            write(entry, Files.readAllBytes(folder.resolve(entry.sha256())));
            if (again || seen.isPresent()) {
                quarantine.note(
                        first.file(entry.name()),
                        seen.orElse("it was gone") + "; it was written here and has been written again");
            }
        } catch (IOException e) {
            quarantine.unwritten(first.file(entry.name()), e);
        }
    }

    /** What is wrong with a file in a place; empty if nothing is, and of no length if it is just not there. */
    private Optional<String> wrong(Entry entry, GuardedFolder place) {
        try {
            Optional<Stamp> stamp = place.stamp(entry.name());
            if (stamp.isEmpty()) {
                return Optional.of("");
            }
            if (stamp.get().equals(intact.get(entry.key()))) {
                return Optional.empty();
            }
            Optional<byte[]> content = place.read(entry.name(), entry.bytes());
            if (content.isPresent() && sha256(content.get()).equals(entry.sha256())) {
                intact.put(entry.key(), stamp.get());
                return Optional.empty();
            }
            return Optional.of(content.isPresent() ? "it was changed" : "");
        } catch (NoSuchFileException e) {
            return Optional.of("");
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private GuardedFolder folder(List<String> place) {
        return GuardedFolder.root(synced).below(place.toArray(String[]::new));
    }

    private void save() throws IOException {
        PrivateFile.write(folder.resolve(INDEX), JSON.writeValueAsBytes(List.copyOf(entries.values())));
        Set<String> named = entries.values().stream().map(Entry::sha256).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.matches("[0-9a-f]{64}") && !named.contains(name)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
