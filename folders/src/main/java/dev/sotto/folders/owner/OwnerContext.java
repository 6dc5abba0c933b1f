package dev.sotto.folders.owner;

import dev.sotto.folders.DatasiteSettings;
import dev.sotto.folders.StatusBoard;
import dev.sotto.folders.mail.PostOffice;
import dev.sotto.owner.Owner;
import dev.sotto.owner.desk.Activity;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/**
 * What the projects of an owner share.
 *
 * @param workers where tasks are worked on
 * @param activity is told what is worked on
 * @param hosted how many projects go on
 * @param shared whether another project that goes on lies in the same folder
 */
record OwnerContext(
        PostOffice post,
        DatasiteSettings how,
        Owner owner,
        AskedFiles files,
        Mirror mirror,
        DataShelf shelf,
        StatusBoard board,
        Executor workers,
        Activity activity,
        IntSupplier hosted,
        Predicate<AskedProject> shared) {
    private static final long USUAL_MODEL = 1L << 30;

    int hosting() {
        return hosted.getAsInt();
    }

    /** Before lines of logs where nothing is private. */
    String label() {
        return how.testSeed().isPresent() ? "[test seed, not private] " : "";
    }

    /** Most bytes of a model. */
    long mostModel() {
        return shelf.data().map(data -> data.file().limits().model()).orElse(USUAL_MODEL);
    }
}
