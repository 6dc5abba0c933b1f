package dev.sotto.cli;

import picocli.CommandLine.Command;

/** sotto datasite. */
@Command(
        name = "datasite",
        mixinStandardHelpOptions = true,
        description = {
            "Federation over shared or synced folders: no server, no open port. One datasite is both an owner's side, which is"
                    + " asked for its data, and an aggregator, which runs projects of its own.",
            "Who comes from SyftBox knows the folders: launch, request, running, done. What lies in them is signed and"
                    + " encrypted, and nobody's code is run."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DatasiteInitCommand.class,
            DatasiteRunCommand.class,
            DatasiteStatusCommand.class,
            DatasiteLaunchCommand.class,
            DatasiteTrustCommand.class,
            DatasiteSampleCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  sotto datasite init --email you@example.org --data-dir ~/SyftBox",
            "  sotto datasite run --data-dir ~/SyftBox",
            "  sotto datasite status --data-dir ~/SyftBox",
            "",
            "What is asked of your data, and what was spent:",
            "  sotto request list --home ~/SyftBox",
            "  sotto ledger show --home ~/SyftBox"
        })
final class DatasiteCommand {}
