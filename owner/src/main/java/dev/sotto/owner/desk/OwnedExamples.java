package dev.sotto.owner.desk;

import dev.sotto.data.Examples;
import dev.sotto.experiment.ClientData;
import dev.sotto.experiment.OwnerData;

/** The examples that a node offers, in memory; shared by all sessions, never copied. */
public final class OwnedExamples {
    private final OwnerFile file;
    private final OwnerData.Loaded loaded;

    private OwnedExamples(OwnerFile file, OwnerData.Loaded loaded) {
        this.file = file;
        this.loaded = loaded;
    }

    /**
     * Loads what a file describes.
     *
     * @throws dev.sotto.data.DataException in one line, if it cannot be had
     */
    public static OwnedExamples load(OwnerFile file) {
        return new OwnedExamples(file, file.data().load(file.context()));
    }

    /** What was loaded. */
    public OwnerFile file() {
        return file;
    }

    /** All of it. */
    public Examples examples() {
        return loaded.examples();
    }

    /**
     * What a client trains on and what it holds out, as in a simulation.
     *
     * @param otherwise share that is held out if the owner does not say: the session's
     */
    ClientData split(String client, double otherwise) {
        return loaded.client(client, otherwise);
    }
}
