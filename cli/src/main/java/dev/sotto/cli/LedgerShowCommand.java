package dev.sotto.cli;

import dev.sotto.owner.Owner;
import dev.sotto.owner.ledger.Standing;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto ledger show. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description =
                "Who spent what on which data set, against which limit. Everything is computed anew from the ledger's"
                        + " lines.",
        footer = {
            "",
            "Examples:",
            "  sotto ledger show",
            "  sotto ledger show --home /var/lib/sotto --json",
            "",
            "'enforced' is held against the limit: it is of one Renyi order, fixed before the",
            "first release. 'spent' is of the best order, and at most that."
        })
final class LedgerShowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private LedgerHome home;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        try (Owner owner = home.open()) {
            List<Standing> standings = owner.ledger().standings();
            Console.of(spec).result(json ? LedgerText.json(standings).toString() : LedgerText.lines(standings));
            return 0;
        }
    }
}
