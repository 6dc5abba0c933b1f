package dev.sotto.folders;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sotto.folders.mail.Names;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.GuardedFolder.Kind;
import dev.sotto.wire.sealed.GuardedFolder.Stamp;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.sealed.RecordSeal;
import dev.sotto.wire.sealed.SealingKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What seals a project's folder in {@code done/}: {@code manifest.json}, which lists every file with its SHA-256, and
 * {@code manifest.signature}, the datasite's signature over it. Whatever is changed, added or taken away afterwards shows.
 */
public final class SealedRecord {
    /** Lists the files. */
    public static final String MANIFEST = "manifest.json";
    /** The signature over it. */
    public static final String SIGNATURE = "manifest.signature";

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_NAMES = 20_000;
    private static final int MOST_DEPTH = 8;
    private static final long MOST_BYTES = 1L << 30;
    /** Of all files together: sealing must not take for ever. */
    private static final long MOST_ALL = 2L << 30;

    private static final int MOST_MANIFEST = 16 << 20;

    private SealedRecord() {}

    /** What a manifest says. */
    private record Manifest(String session, String datasite, String ending, Map<String, String> files) {}

    /**
     * Seals a folder as it is.
     *
     * @return the manifest
     */
    public static byte[] seal(GuardedFolder folder, String session, String ending, KeyCard card, SealingKeys keys)
            throws IOException {
        Map<String, String> files = digests(folder);
        byte[] manifest = (JSON.writerWithDefaultPrettyPrinter()
                                .writeValueAsString(new Manifest(session, card.name(), ending, files))
                        + "\n")
                .getBytes(StandardCharsets.UTF_8);
        folder.write(MANIFEST, manifest);
        folder.write(SIGNATURE, RecordSeal.sign(manifest, keys).getBytes(StandardCharsets.US_ASCII));
        return manifest;
    }

    private record Found(GuardedFolder folder, String name, String path, long size) {}

    /** Of the smallest first: what strangers have put there must not keep the rest from being sealed. */
    private static Map<String, String> digests(GuardedFolder folder) throws IOException {
        Map<String, Found> found = new TreeMap<>();
        list(folder, "", 0, found);
        List<Found> ordered = new ArrayList<>(found.values());
        ordered.sort(Comparator.comparingLong(Found::size));
        Map<String, String> digests = new TreeMap<>();
        long all = 0;
        for (Found each : ordered) {
            all += each.size();
            if (all > MOST_ALL) {
                break;
            }
            try {
                each.folder()
                        .sha256(each.name(), each.size())
                        .ifPresent(digest ->
                                digests.put(each.path(), HexFormat.of().formatHex(digest)));
            } catch (IOException e) {
                // Nothing that was written here cannot be read.
            }
        }
        return digests;
    }

    /** Plain files only; links and the like are what strangers have put there, and so is what cannot be looked at. */
    private static void list(GuardedFolder folder, String path, int depth, Map<String, Found> into) {
        try {
            entries(folder, path, depth, into);
        } catch (IOException e) {
            // A folder that nobody may look into, or none any more.
        }
    }

    private static void entries(GuardedFolder folder, String path, int depth, Map<String, Found> into)
            throws IOException {
        for (String name : folder.names(MOST_NAMES)) {
            String full = path + name;
            if (into.size() >= MOST_NAMES
                    || full.equals(MANIFEST)
                    || full.equals(SIGNATURE)
                    || name.equals(Names.HEARD_FILE) // which others write after it is sealed
                    || GuardedFolder.temporary(name, Names.HEARD_FILE)) {
                continue;
            }
            Optional<Stamp> stamp = folder.stamp(name);
            if (stamp.filter(each -> each.kind() == Kind.FOLDER).isPresent() && depth < MOST_DEPTH) {
                list(folder.below(name), full + "/", depth + 1, into);
            } else if (stamp.filter(each -> each.kind() == Kind.FILE && each.size() <= MOST_BYTES)
                    .isPresent()) {
                into.put(full, new Found(folder, name, full, stamp.get().size()));
            }
        }
    }

    /**
     * Holds a folder against its manifest.
     *
     * @param card of the datasite that must have sealed it
     * @return what is not as it was sealed, a line each; empty if all is
     */
    public static List<String> differences(GuardedFolder folder, KeyCard card) throws IOException {
        Optional<byte[]> manifest = folder.read(MANIFEST, MOST_MANIFEST);
        Optional<byte[]> signature = folder.read(SIGNATURE, KeyCard.MOST_BYTES);
        if (manifest.isEmpty() || signature.isEmpty()) {
            return List.of("it is not sealed: " + MANIFEST + " or " + SIGNATURE + " is missing");
        }
        if (!RecordSeal.verify(manifest.get(), new String(signature.get(), StandardCharsets.US_ASCII), card)) {
            return List.of(MANIFEST + ": it does not bear the signature of " + card.name());
        }
        Map<String, String> sealed =
                JSON.readValue(manifest.get(), Manifest.class).files();
        Map<String, String> found = digests(folder);
        List<String> differences = new ArrayList<>();
        sealed.forEach((name, digest) -> {
            String now = found.remove(name);
            if (now == null) {
                differences.add(name + ": it is missing");
            } else if (!now.equals(digest)) {
                differences.add(name + ": it was changed");
            }
        });
        found.keySet().forEach(name -> differences.add(name + ": it was added"));
        return differences;
    }
}
