package dev.sotto.cli;

import dev.sotto.wire.v1.ListSessionsRequest;
import dev.sotto.wire.v1.SessionDetail;
import dev.sotto.wire.v1.SessionRequest;
import dev.sotto.wire.v1.StopSessionRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto session. */
@Command(
        name = "session",
        mixinStandardHelpOptions = true,
        description = "Training runs over the network: start, watch, stop, resume, export.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SessionStartCommand.class,
            SessionCommand.ListAll.class,
            SessionCommand.Show.class,
            SessionWatchCommand.class,
            SessionLogCommand.class,
            SessionCommand.Stop.class,
            SessionCommand.Resume.class,
            SessionExportCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  sotto session start experiment.yaml --rounds 10 --min-clients 2 --watch",
            "  sotto session list",
            "  sotto session export s-1a2b3c --out result"
        })
final class SessionCommand {
    private static int print(CommandSpec spec, OperatorOptions operator, SessionDetail session) {
        Console.of(spec).result(operator.json() ? Answers.session(session).toString() : SessionText.show(session));
        return 0;
    }

    /** sotto session list. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "All sessions, the latest first.",
            footer = {"", "Example:", "  sotto session list --json"})
    static final class ListAll implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private OperatorOptions operator;

        @Override
        public Integer call() {
            try (OperatorLink link = operator.connect()) {
                List<SessionDetail> all = link.ask(coordinator -> coordinator
                        .listSessions(ListSessionsRequest.getDefaultInstance())
                        .getSessionsList());
                var json = Answers.object();
                var list = json.putArray("sessions");
                all.forEach(session -> list.add(Answers.session(session)));
                Console.of(spec).result(operator.json() ? json.toString() : SessionText.list(all));
                return 0;
            }
        }
    }

    /** sotto session show. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "One session: its state and why, rounds, accuracy, what each client has spent.",
            footer = {"", "Example:", "  sotto session show s-1a2b3c"})
    static final class Show implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private OperatorOptions operator;

        @Parameters(paramLabel = "SESSION", description = "Its id.")
        private String id;

        @Override
        public Integer call() {
            try (OperatorLink link = operator.connect()) {
                return print(spec, operator, link.ask(coordinator -> coordinator.showSession(request(id))));
            }
        }
    }

    static SessionRequest request(String id) {
        return SessionRequest.newBuilder().setSession(id).build();
    }

    /** sotto session stop. */
    @Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            description = {
                "Stop a session: at once while it gathers clients, else after the round that is on.",
                "What was released stays; 'sotto session resume' goes on with it."
            },
            footer = {"", "Example:", "  sotto session stop s-1a2b3c --reason 'wrong learning rate'"})
    static final class Stop implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private OperatorOptions operator;

        @Parameters(paramLabel = "SESSION", description = "Its id.")
        private String id;

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the session.")
        private String reason = "";

        @Override
        public Integer call() {
            try (OperatorLink link = operator.connect()) {
                StopSessionRequest request = StopSessionRequest.newBuilder()
                        .setSession(id)
                        .setReason(reason)
                        .build();
                return print(spec, operator, link.ask(coordinator -> coordinator.stopSession(request)));
            }
        }
    }

    /** sotto session resume. */
    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description = "Go on with a session that was stopped or has failed, from its last committed round.",
            footer = {"", "Example:", "  sotto session resume s-1a2b3c"})
    static final class Resume implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private OperatorOptions operator;

        @Parameters(paramLabel = "SESSION", description = "Its id.")
        private String id;

        @Override
        public Integer call() {
            try (OperatorLink link = operator.connect()) {
                return print(spec, operator, link.ask(coordinator -> coordinator.resumeSession(request(id))));
            }
        }
    }
}
