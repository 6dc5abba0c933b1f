package dev.sotto.cli;

import dev.sotto.wire.v1.AuditEntry;
import dev.sotto.wire.v1.ListAuditRequest;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto audit. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description =
                "The coordinator's audit log: who did what and when, each line chained to those before it by a hash.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {AuditCommand.ListAll.class, AuditCommand.Verify.class},
        footer = {"", "Examples:", "  sotto audit list --from 100", "  sotto audit verify"})
final class AuditCommand {
    private static Iterator<AuditEntry> entries(OperatorLink link, long from, boolean verify) {
        return link.streaming()
                .listAudit(ListAuditRequest.newBuilder()
                        .setFrom(from)
                        .setVerify(verify)
                        .build());
    }

    /** sotto audit list. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "The log, oldest line first.",
            footer = {"", "Example:", "  sotto audit list --from 100"})
    static final class ListAll implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private OperatorOptions operator;

        @Option(names = "--from", paramLabel = "N", description = "The first line to show.")
        private long from = 1;

        @Override
        public Integer call() {
            try (OperatorLink link = operator.connect()) {
                try {
                    print(entries(link, from, false));
                } catch (StatusRuntimeException e) {
                    throw link.explain(e);
                }
                return 0;
            }
        }

        private void print(Iterator<AuditEntry> entries) {
            Console console = Console.of(spec);
            var json = Answers.object();
            var list = json.putArray("entries");
            while (entries.hasNext()) {
                AuditEntry entry = entries.next();
                if (operator.json()) {
                    list.add(Answers.entry(entry));
                } else {
                    console.result(line(entry));
                }
            }
            if (operator.json()) {
                console.result(json.toString());
            }
        }

        private static String line(AuditEntry entry) {
            return String.format(
                            Locale.ROOT,
                            "%6d  %s  %-16s %-24s %-20s %s",
                            entry.getNumber(),
                            Answers.time(entry.getMillis()),
                            entry.getActor(),
                            entry.getAction(),
                            entry.getSubject(),
                            entry.getDetail())
                    .stripTrailing();
        }
    }

    /** sotto audit verify. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Recompute the chain of hashes: whether any line was changed, removed or put in later.",
            footer = {
                "",
                "Example:",
                "  sotto audit verify",
                "",
                "Exit status: 0 the chain holds; 1 it is broken, with the line. Keep the last hash somewhere else:",
                "who can rewrite all of the database can rewrite all of the chain."
            })
    static final class Verify implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private OperatorOptions operator;

        @Override
        public Integer call() {
            Console console = Console.of(spec);
            try (OperatorLink link = operator.connect()) {
                try {
                    Iterator<AuditEntry> entries = entries(link, 1, true);
                    long lines = 0;
                    String last = "";
                    while (entries.hasNext()) {
                        AuditEntry entry = entries.next();
                        lines = entry.getNumber();
                        last = Answers.hex(entry.getHash());
                    }
                    var json = Answers.object()
                            .put("lines", lines)
                            .put("valid", true)
                            .put("lastHash", last);
                    console.result(operator.json() ? json.toString() : lines + " lines, unbroken; last hash " + last);
                    return 0;
                } catch (StatusRuntimeException e) {
                    throw link.explain(e);
                }
            }
        }
    }
}
