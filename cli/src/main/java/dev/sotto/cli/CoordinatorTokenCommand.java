package dev.sotto.cli;

import dev.sotto.formats.config.ConfigException;
import dev.sotto.wire.v1.CreateAccessTokenRequest;
import dev.sotto.wire.v1.CreateJoinTokenRequest;
import dev.sotto.wire.v1.CreateJoinTokenResponse;
import dev.sotto.wire.v1.RevokeAccessTokenRequest;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto coordinator token. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = {
            "Make a token: one with which a data owner's node joins, once; or, with --access, one for a person or script.",
            "It is printed now and kept nowhere: hand it over on a channel that you trust."
        },
        footer = {
            "",
            "Examples:",
            "  sotto coordinator token ward-3",
            "  sotto coordinator token --valid 7d",
            "  sotto coordinator token --access dashboard --role viewer",
            "  sotto coordinator token --revoke dashboard",
            "",
            "At the data owner's: sotto node join TOKEN. The node is then called CLIENT; with a token",
            "for any, by what 'sotto node join --id' says, or else by the name of its machine."
        })
final class CoordinatorTokenCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private OperatorOptions operator;

    @Parameters(
            arity = "0..1",
            paramLabel = "CLIENT",
            description = "The only id that may join with it; without one, any that is free.")
    private String client = "";

    @Option(names = "--access", paramLabel = "NAME", description = "A token for a person or script of that name.")
    private String access;

    @Option(names = "--role", paramLabel = "ROLE", description = "With --access: viewer, operator or admin.")
    private String role;

    @Option(names = "--revoke", paramLabel = "NAME", description = "Make the access token of that name worthless.")
    private String revoke;

    @Option(
            names = "--valid",
            paramLabel = "TIME",
            description = "How long, such as 2h or 7d; by default a day to join, a year for access.")
    private Duration valid = Duration.ZERO;

    @Override
    public Integer call() {
        if (revoke != null && (access != null || !client.isEmpty())) {
            throw new ConfigException("--revoke " + revoke + ": it goes with nothing else");
        }
        if ((access == null) != (role == null)) {
            throw new ConfigException(
                    access == null
                            ? "--role " + role + ": it goes with --access NAME"
                            : "--access " + access + ": it needs --role viewer, operator or admin");
        }
        if (access != null && !client.isEmpty()) {
            throw new ConfigException("--access " + access + ": it makes no token for a client; leave out " + client);
        }
        try (OperatorLink link = operator.connect()) {
            if (revoke != null) {
                return revoked(link);
            }
            return access == null ? join(link) : person(link);
        }
    }

    private int seconds() {
        return (int) Math.min(Integer.MAX_VALUE, valid.toSeconds());
    }

    private int join(OperatorLink link) {
        CreateJoinTokenRequest request = CreateJoinTokenRequest.newBuilder()
                .setClientId(client)
                .setValidSeconds(seconds())
                .build();
        CreateJoinTokenResponse made = link.ask(coordinator -> coordinator.createJoinToken(request));
        if (!operator.json()) {
            // Besides the token itself, which scripts take from standard output.
            Console.of(spec)
                    .remark("at the data owner's, until " + Answers.time(made.getExpiresMillis())
                            + " and once: sotto node join " + made.getToken());
        }
        return print(
                made.getToken(),
                Answers.object()
                        .put("token", made.getToken())
                        .put("expires", Answers.time(made.getExpiresMillis()))
                        .toString());
    }

    private int person(OperatorLink link) {
        CreateAccessTokenRequest request = CreateAccessTokenRequest.newBuilder()
                .setName(access)
                .setRole(role)
                .setValidSeconds(seconds())
                .build();
        String token =
                link.ask(coordinator -> coordinator.createAccessToken(request)).getToken();
        return print(token, Answers.object().put("token", token).toString());
    }

    private int revoked(OperatorLink link) {
        RevokeAccessTokenRequest request =
                RevokeAccessTokenRequest.newBuilder().setName(revoke).build();
        link.ask(coordinator -> coordinator.revokeAccessToken(request));
        return print(
                revoke + " is revoked", Answers.object().put("revoked", revoke).toString());
    }

    private int print(String text, String json) {
        Console.of(spec).result(operator.json() ? json : text);
        return 0;
    }
}
