package dev.sotto.cli;

import picocli.CommandLine.Command;

/** sotto coordinator. */
@Command(
        name = "coordinator",
        mixinStandardHelpOptions = true,
        description = "The meeting point of a federation: make one, run it, let nodes and people in.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {CoordinatorInitCommand.class, CoordinatorStartCommand.class, CoordinatorTokenCommand.class},
        footer = {
            "",
            "In this order:",
            "  sotto coordinator init --host fed.example.org",
            "  sotto coordinator start",
            "  sotto coordinator token ward-3"
        })
final class CoordinatorCommand {}
