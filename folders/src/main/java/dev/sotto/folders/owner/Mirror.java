package dev.sotto.folders.owner;

import dev.sotto.folders.Datasite;
import dev.sotto.folders.mail.Names;
import dev.sotto.owner.request.Request;
import dev.sotto.wire.sealed.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Projects as the owner sees them in the private tree, where nobody else can write: {@code request/PROJECT} waits, and moving it
 * to {@code running/} approves what its {@code request-id} names.
 */
final class Mirror {
    private static final String ID = "request-id";
    private static final String README = "README.txt";
    private static final String PACKAGE = "package.sotto";

    private final Path folder;

    Mirror(Datasite datasite) {
        this.folder = datasite.privateTree().resolve(Names.CLIENT);
    }

    private Path in(String state, Asked asked) throws IOException {
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

    /** Where a project waits. */
    Path waiting(Asked asked) throws IOException {
        return in(Names.REQUEST, asked);
    }

    /** Shows what waits for the owner. */
    void show(Asked asked, Request request, Path pack) throws IOException {
        Path place = in(Names.REQUEST, asked);
        if (id(place).filter(request.id()::equals).isPresent() || approved(asked, request)) {
            return;
        }
        PrivateFile.folder(place);
        PrivateFile.write(place.resolve("session"), asked.id() + "\n");
        PrivateFile.write(place.resolve(PACKAGE), Files.readAllBytes(pack));
        PrivateFile.write(place.resolve(README), words(asked, request, place));
        PrivateFile.write(place.resolve(ID), request.id() + "\n");
    }

    private String words(Asked asked, Request request, Path place) {
        String which = request.shortId() + " --home " + folder.getParent().getParent();
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
    boolean approved(Asked asked, Request request) throws IOException {
        return id(in(Names.RUNNING, asked)).filter(request.id()::equals).isPresent();
    }

    /** The request of which the owner has moved the folder, if that is another one than what is asked now. */
    Optional<String> outdated(Asked asked, Request request) throws IOException {
        return id(in(Names.RUNNING, asked)).filter(other -> !other.equals(request.id()));
    }

    /** Has the folder lie where the project is. */
    void move(Asked asked, String to) throws IOException {
        Path target = in(to, asked);
        for (String from : new String[] {Names.REQUEST, Names.RUNNING}) {
            Path place = in(from, asked);
            if (!from.equals(to) && Files.isDirectory(place) && !Files.exists(target)) {
                Files.move(place, target);
            }
        }
    }

    /** Where a file of a project that is over goes. */
    Path done(Asked asked) throws IOException {
        return PrivateFile.folder(in(Names.DONE, asked));
    }
}
