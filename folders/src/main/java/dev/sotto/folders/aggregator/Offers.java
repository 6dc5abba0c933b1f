package dev.sotto.folders.aggregator;

import dev.sotto.folders.mail.Names;
import dev.sotto.folders.mail.PostOffice;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.v1.Offer;
import dev.sotto.wire.v1.SessionOver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Asks owners, and tells them how it ended. What one of them cannot be told keeps nobody else from being told. */
final class Offers {
    private static final Logger LOG = Logger.getLogger(Offers.class.getName());

    private final PostOffice post;
    private final ProjectFiles files;
    /** For how many clients each participant was asked by this process; what earlier ones posted lies there still. */
    private final Map<String, Integer> asked = new HashMap<>();

    Offers(PostOffice post, ProjectFiles files) {
        this.post = post;
        this.files = files;
    }

    /** Asks a participant, once. */
    void ask(Project project, KeyCard owner) {
        if (Integer.valueOf(project.clients()).equals(asked.get(owner.name()))) {
            return;
        }
        GuardedFolder[] places = Names.request(post.datasite(), owner, project.name());
        try {
            post.place(project.session(), files.packageBytes(project), Names.PACKAGE_FILE, places);
            for (String name : project.shown()) {
                Path file = files.shown(project, name);
                post.place(project.session(), Files.readAllBytes(file), name, places);
            }
            Offer offer = Offer.newBuilder()
                    .setSession(project.session())
                    .setPackage(Blobs.named(HexFormat.of().parseHex(project.packageDigest()), project.packageBytes()))
                    .setClients(project.clients())
                    .build();
            post.post(owner, project.session(), Names.OFFER, 0, offer.toByteArray(), Names.offer(authority()), places);
            asked.put(owner.name(), project.clients());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "project {0}: {1} cannot be asked: {2}", new Object[] {
                project.name(), owner.name(), e.getMessage()
            });
        }
    }

    /**
     * Tells a participant that it is over.
     *
     * @param rounds after which there is a model for it; 0 for none
     */
    void over(Project project, KeyCard owner, String ending, int rounds) {
        GuardedFolder[] places = Names.anywhere(post.datasite(), owner, project.name());
        SessionOver over = SessionOver.newBuilder()
                .setSession(project.session())
                .setEnding(ending)
                .build();
        try {
            // Where the folder is now; written to where it was asked if it is nowhere.
            post.post(
                    owner,
                    project.session(),
                    Names.OVER,
                    rounds,
                    over.toByteArray(),
                    Names.over(authority()),
                    present(places));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "project {0}: {1} cannot be told that it is over: {2}", new Object[] {
                project.name(), owner.name(), e.getMessage()
            });
        }
    }

    /** The last model, as a file that others read, sealed to its reader. */
    void result(Project project, KeyCard owner, int round, byte[] model) {
        try {
            post.post(
                    owner,
                    project.session(),
                    Names.RESULT,
                    round,
                    model,
                    Names.model(round),
                    Names.result(post.datasite(), owner, project.name()));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "project {0}: {1} cannot be sent the last model: {2}", new Object[] {
                project.name(), owner.name(), e.getMessage()
            });
        }
    }

    private String authority() {
        return post.datasite().card().authority();
    }

    private GuardedFolder[] present(GuardedFolder[] places) {
        for (int i = 0; i < places.length; i++) {
            try {
                if (places[i].stamp(Names.offer(authority())).isPresent()) {
                    GuardedFolder[] first = places.clone();
                    first[0] = places[i];
                    first[i] = places[0];
                    return first;
                }
            } catch (IOException e) {
                // Something is in the way there.
            }
        }
        return places;
    }
}
