package dev.sotto.folders.aggregator;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.sotto.federation.RoundRecord;
import dev.sotto.folders.Email;
import dev.sotto.folders.ProjectStatus;
import dev.sotto.folders.ProjectStatus.Participant;
import dev.sotto.folders.ProjectStatus.Role;
import dev.sotto.folders.ProjectStatus.RoundAccuracy;
import dev.sotto.folders.StatusBoard;
import dev.sotto.folders.mail.Names;
import dev.sotto.folders.mail.PostOffice;
import dev.sotto.folders.mail.Standing;
import dev.sotto.learning.Loss;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Shows how a project stands: in the private tree, and accuracy by round in the synced one. */
final class ProjectBoard {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ACCURACY_FILE = "accuracy.json";

    private final PostOffice post;
    private final StatusBoard board;
    private final List<RoundAccuracy> accuracies = new ArrayList<>();
    private int rounds;
    private int planned;
    private OptionalDouble epsilon = OptionalDouble.empty();

    ProjectBoard(PostOffice post, StatusBoard board) {
        this.post = post;
        this.board = board;
    }

    synchronized void plans(int all) {
        planned = all;
    }

    synchronized void add(Project project, RoundRecord record, Loss loss) {
        rounds = record.round();
        OptionalDouble spent =
                record.clientLevel().map(RoundRecord.ClientLevelRound::epsilon).orElse(record.epsilon());
        epsilon = spent.isPresent() ? spent : epsilon;
        if (record.accuracy().isPresent() && loss == Loss.CROSS_ENTROPY) {
            accuracies.add(new RoundAccuracy(record.round(), record.accuracy().getAsDouble()));
            ArrayNode list = JSON.createArrayNode();
            accuracies.forEach(
                    each -> list.addObject().put("round", each.round()).put("accuracy", each.accuracy()));
            try {
                post.place(
                        project.session(),
                        (list.toPrettyString() + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        ACCURACY_FILE,
                        post.datasite().own(Names.AGGREGATOR, Names.RUNNING, project.name(), Names.STATE),
                        post.datasite().own(Names.AGGREGATOR, Names.DONE, project.name(), Names.STATE));
            } catch (IOException e) {
                post.quarantine().note(post.datasite().own(Names.AGGREGATOR).path(), String.valueOf(e.getMessage()));
            }
        }
    }

    synchronized void show(Project project, Attendance attendance) {
        List<Participant> rows = new ArrayList<>();
        attendance.all().forEach((email, seen) -> rows.add(row(email, seen)));
        board.show(new ProjectStatus(
                Role.AGGREGATOR,
                project.name(),
                project.session(),
                post.datasite().email().text(),
                project.state(),
                project.reason().isEmpty() ? Optional.empty() : Optional.of(project.reason()),
                rounds,
                planned,
                epsilon,
                rows,
                accuracies));
    }

    private static Participant row(Email email, Attendance.Seen seen) {
        Optional<Standing> standing = seen.answer().map(Attendance.Said::standing);
        return new Participant(
                email.text(),
                seen.card().isPresent(),
                standing.map(Standing::decision).orElse(Standing.WAITING),
                standing.map(Standing::hasData).orElse(false),
                standing.map(Standing::round).orElse(0),
                standing.map(Standing::progress).orElse(""),
                seen.refused());
    }
}
