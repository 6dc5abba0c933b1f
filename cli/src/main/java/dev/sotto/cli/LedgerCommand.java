package dev.sotto.cli;

import picocli.CommandLine.Command;

/** sotto ledger. */
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        description =
                "What was spent on a data owner's data, by whom, and against which limit. The ledger is written by"
                        + " 'sotto node start' and can only grow.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {LedgerShowCommand.class, LedgerVerifyCommand.class},
        footer = {"", "Examples:", "  sotto ledger show", "  sotto ledger verify --home /var/lib/sotto"})
final class LedgerCommand {}
