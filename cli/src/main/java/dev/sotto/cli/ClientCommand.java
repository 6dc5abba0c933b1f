package dev.sotto.cli;

import dev.sotto.wire.v1.ClientDetail;
import dev.sotto.wire.v1.ListClientsRequest;
import dev.sotto.wire.v1.RevokeClientRequest;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto client. */
@Command(
        name = "client",
        mixinStandardHelpOptions = true,
        description = "The data owners' nodes that a coordinator knows.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ClientCommand.ListAll.class, ClientCommand.Revoke.class},
        footer = {
            "",
            "A node is let in by a token: 'sotto coordinator token ID' here, 'sotto node join TOKEN' at the",
            "data owner's."
        })
final class ClientCommand {
    private static String row(String id, String state, String seen, String version, String expires) {
        return String.format(Locale.ROOT, "%-20s %-10s %-24s %-16s %-24s", id, state, seen, version, expires)
                .stripTrailing();
    }

    private static String row(ClientDetail client) {
        return row(
                client.getId(),
                client.getState(),
                client.getState().equals("connected")
                        ? "now"
                        : client.getSeenMillis() == 0 ? "never" : Answers.time(client.getSeenMillis()),
                client.getVersion().isEmpty() ? "-" : client.getVersion(),
                Answers.time(client.getCertificateExpiresMillis()));
    }

    /** sotto client list. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "All clients: enrolled, connected or revoked.",
            footer = {"", "Example:", "  sotto client list"})
    static final class ListAll implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private OperatorOptions operator;

        @Override
        public Integer call() {
            try (OperatorLink link = operator.connect()) {
                List<ClientDetail> all = link.ask(coordinator -> coordinator
                        .listClients(ListClientsRequest.getDefaultInstance())
                        .getClientsList());
                var json = Answers.object();
                var list = json.putArray("clients");
                all.forEach(client -> list.add(Answers.client(client)));
                StringBuilder text = new StringBuilder(row("client", "state", "seen", "version", "certificate until"));
                all.forEach(client -> text.append('\n').append(row(client)));
                Console.of(spec)
                        .result(
                                operator.json()
                                        ? json.toString()
                                        : all.isEmpty()
                                                ? "no clients yet; 'sotto coordinator token ID' lets one in"
                                                : text.toString());
                return 0;
            }
        }
    }

    /** sotto client revoke. */
    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = {
                "Shut a client out at once and for good: its connection ends, and its certificate is worth nothing.",
                "It can be let in again only by a new token."
            },
            footer = {"", "Example:", "  sotto client revoke ward-3 --reason 'laptop lost'"})
    static final class Revoke implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private OperatorOptions operator;

        @Parameters(paramLabel = "CLIENT", description = "Its id.")
        private String id;

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the audit log.")
        private String reason = "";

        @Override
        public Integer call() {
            try (OperatorLink link = operator.connect()) {
                RevokeClientRequest request = RevokeClientRequest.newBuilder()
                        .setClientId(id)
                        .setReason(reason)
                        .build();
                ClientDetail client = link.ask(coordinator -> coordinator.revokeClient(request));
                Console.of(spec)
                        .result(operator.json() ? Answers.client(client).toString() : id + " is " + client.getState());
                return 0;
            }
        }
    }
}
