package dev.sotto.folders;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Where the datasite's process shows how projects stand. Written when something changed. Thread-safe. */
public final class StatusBoard {
    private static final Logger LOG = Logger.getLogger(StatusBoard.class.getName());

    private final Datasite datasite;
    private final Map<String, ProjectStatus> shown = new ConcurrentHashMap<>();

    /** Of that datasite. */
    public StatusBoard(Datasite datasite) {
        this.datasite = datasite;
        ProjectStatus.all(datasite).forEach(each -> shown.put(key(each), each));
    }

    private static String key(ProjectStatus status) {
        return status.role() + " " + status.project() + " " + status.session() + " " + status.aggregator();
    }

    /** Shows a status; what cannot be written is said and stops nothing. */
    public void show(ProjectStatus status) {
        if (status.equals(shown.put(key(status), status))) {
            return;
        }
        try {
            StatusFiles.write(datasite, status);
        } catch (IOException e) {
            LOG.log(Level.SEVERE, "the status of project " + status.project() + " cannot be written", e);
        }
    }

    /** A launch that has become a project is no launch any more. */
    public void launched(String project) {
        shown.values()
                .removeIf(each -> each.session().isEmpty() && each.project().equals(project));
        StatusFiles.remove(datasite, project);
    }
}
