package dev.sotto.folders.owner;

import dev.sotto.folders.Datasite;
import dev.sotto.folders.mail.Names;
import dev.sotto.formats.ShellWord;
import dev.sotto.owner.request.Request;
import dev.sotto.wire.sealed.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Projects as the owner sees them in the private tree, where nobody else can write: {@code request/PROJECT} waits, and moving it
 * to {@code running/} approves what its {@code request-id} names.
 */
final class Mirror {
    private static final String ID = "request-id";
    private static final String README = "README.txt";
    private static final String BACK = "put-back";
    private static final String PACKAGE = "package.sotto";

    private final Path folder;

    Mirror(Datasite datasite) {
        this.folder = datasite.privateTree().resolve(Names.CLIENT);
    }

    private Path in(String state, AskedProject asked) throws IOException {
        Path plain = folder.resolve(state).resolve(asked.project());
        // Two aggregators may give their projects the same name; then the second has its session's.
        for (String each : new String[] {Names.REQUEST, Names.RUNNING, Names.DONE}) {
            Path other = folder.resolve(each).resolve(asked.project()).resolve("session");
            if (Files.exists(other) && !Files.readString(other).strip().equals(asked.id())) {
                return folder.resolve(state).resolve(asked.project() + "~" + asked.id());
            }
        }
        return plain;
    }

    /**
     * The place of a request. One that took the place of another has its id in its name: an owner who has read one and moves its
     * folder must not find that another was put into it meanwhile.
     */
    private Path in(String state, AskedProject asked, Request request) throws IOException {
        Path plain = in(state, asked);
        Path own = plain.resolveSibling(plain.getFileName() + "~" + request.shortId());
        boolean another = id(plain).filter(other -> !other.equals(request.id())).isPresent();
        return another || Files.exists(own) ? own : plain;
    }

    /** Where a request waits. */
    Path waiting(AskedProject asked, Request request) throws IOException {
        return in(Names.REQUEST, asked, request);
    }

    /** Shows what waits for the owner. */
    void show(AskedProject asked, Request request, Path pack) throws IOException {
        Path place = in(Names.REQUEST, asked, request);
        if (id(place).filter(request.id()::equals).isPresent() || approved(asked, request)) {
            return;
        }
        PrivateFile.folder(place);
        PrivateFile.write(place.resolve("session"), asked.id() + "\n");
        PrivateFile.write(place.resolve(PACKAGE), Files.readAllBytes(pack));
        PrivateFile.write(place.resolve(README), words(asked, request, place));
        PrivateFile.write(place.resolve(ID), request.id() + "\n");
    }

    private String words(AskedProject asked, Request request, Path place) {
        String which =
                request.shortId() + " --home " + ShellWord.of(folder.getParent().getParent());
        return "Project " + asked.project() + " of " + asked.aggregator() + " asks for data set " + request.dataSet()
                + ".\n\nSee what is asked:  sotto request show " + which + "\nApprove:            move this folder to "
                + place.getParent().resolveSibling(Names.RUNNING)
                + ",\n                    or sotto request approve " + which
                + "\nReject:             sotto request reject " + which
                + "\n\nThe fingerprint of whoever signed it: " + asked.authority() + "\n";
    }

    private static Optional<String> id(Path place) throws IOException {
        Path file = place.resolve(ID);
        return Files.exists(file)
                ? Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip())
                : Optional.empty();
    }

    /** Whether the owner has moved the folder of this very request to {@code running/}. */
    boolean approved(AskedProject asked, Request request) throws IOException {
        return id(in(Names.RUNNING, asked, request))
                .filter(request.id()::equals)
                .isPresent();
    }

    /** Whether the owner has moved it since it was put back because that decision holds no more. */
    boolean approvedSince(AskedProject asked, Request request, long decision) throws IOException {
        return approved(asked, request) && isBack(in(Names.RUNNING, asked, request), decision);
    }

    private static boolean isBack(Path place, long decision) throws IOException {
        Path file = place.resolve(BACK);
        return Files.exists(file) && Files.readString(file).strip().equals(Long.toString(decision));
    }

    /**
     * Has the folder of a request wait again whose decision holds no more, so that moving it is an act of the owner's. Where it
     * was put back for that decision already, it stays where the owner has it.
     *
     * @return whether it was put back now
     */
    boolean putBack(AskedProject asked, Request request, long decision) throws IOException {
        Path from = in(Names.RUNNING, asked, request);
        Path to = folder.resolve(Names.REQUEST).resolve(from.getFileName());
        boolean lay = approved(asked, request);
        if (isBack(lay ? from : to, decision)) {
            return false;
        }
        if (lay) {
            move(from, to);
        }
        // After the move: what lies in running/ with this in it was moved there by the owner.
        PrivateFile.write(to.resolve(BACK), decision + "\n");
        return lay;
    }

    /** The request of which the owner has moved the folder, if that is another one than what is asked now. */
    Optional<String> outdated(AskedProject asked, Request request) throws IOException {
        return id(in(Names.RUNNING, asked)).filter(other -> !other.equals(request.id()));
    }

    /** Has the folder of a request that takes part lie in {@code running/}. */
    void takesPart(AskedProject asked, Request request) throws IOException {
        Path from = in(Names.REQUEST, asked, request);
        Path to = folder.resolve(Names.RUNNING).resolve(from.getFileName());
        // Before the move, which is none of the owner's.
        Files.deleteIfExists(from.resolve(BACK));
        Files.deleteIfExists(to.resolve(BACK));
        if (Files.isDirectory(from) && !Files.exists(to)) {
            Files.move(from, to);
        }
    }

    /** Has all folders of a project lie in {@code done/}, those of requests that were superseded too. */
    void over(AskedProject asked) throws IOException {
        for (String state : new String[] {Names.REQUEST, Names.RUNNING}) {
            for (Path place : entries(folder.resolve(state))) {
                Path session = place.resolve("session");
                if (Files.exists(session) && Files.readString(session).strip().equals(asked.id())) {
                    move(place, folder.resolve(Names.DONE).resolve(place.getFileName()));
                }
            }
        }
    }

    private static void move(Path place, Path target) throws IOException {
        PrivateFile.folder(target);
        for (Path file : entries(place)) {
            Files.move(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.delete(place);
    }

    private static List<Path> entries(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    /** Where a file of a project that is over goes. */
    Path done(AskedProject asked) throws IOException {
        return PrivateFile.folder(in(Names.DONE, asked));
    }
}
