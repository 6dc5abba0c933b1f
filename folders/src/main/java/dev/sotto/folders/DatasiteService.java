package dev.sotto.folders;

import dev.sotto.data.DataContext;
import dev.sotto.owner.Owner;
import dev.sotto.owner.settings.ClientSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * Runs one datasite in both roles: launches and runs projects, and takes part in those that it is asked for. Everything that it
 * needs to go on is in the private tree, so it may be killed at any time. Threads of its own; thread-safe.
 */
public final class DatasiteService implements AutoCloseable {
    private final Datasite datasite;
    private final Owner owner;

    /**
     * A service, not started yet.
     *
     * @param launches reads what is dropped into {@code launch/}
     * @param data of the owner; {@link PrivateData#NONE} for a datasite that only aggregates
     * @param settings of the owner's training; empty for what packages say
     * @param context where central test data lies
     * @throws dev.sotto.formats.config.ConfigException if another process runs the datasite
     */
    public DatasiteService(
            Datasite datasite,
            DatasiteSettings how,
            LaunchReader launches,
            PrivateData data,
            Optional<ClientSettings> settings,
            DataContext context) {
        this.datasite = datasite;
        this.owner = Owner.open(datasite.home());
    }

    /** Starts to look at folders; returns at once. */
    public void start() {
        try {
            datasite.publish();
        } catch (IOException e) {
            throw new UncheckedIOException(datasite + ": the key card cannot be written: " + e.getMessage(), e);
        }
    }

    /** What the owner keeps: its ledger and requests. */
    public Owner owner() {
        return owner;
    }

    /** How its projects stand. */
    public List<ProjectStatus> projects() {
        return ProjectStatus.all(datasite);
    }

    /** Lets training that is under way come to its end, for a minute, and stops. Projects go on when it is started again. */
    @Override
    public void close() {
        owner.close();
    }
}
