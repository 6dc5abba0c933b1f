package dev.sotto.folders.owner;

import dev.sotto.folders.DatasiteSettings;
import dev.sotto.folders.StatusBoard;
import dev.sotto.folders.mail.PostOffice;
import dev.sotto.owner.Owner;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/**
 * What the projects of an owner share.
 *
 * @param workers where tasks are worked on
 * @param hosted how many projects go on
 * @param sharesName whether another project of the same name is not over
 * @param hostsName whether another project of the same name goes on
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
        IntSupplier hosted,
        Predicate<Asked> sharesName,
        Predicate<Asked> hostsName) {
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
