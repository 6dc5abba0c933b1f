package dev.sotto.cli;

import picocli.CommandLine.Command;

/** sotto privacy. */
@Command(
        name = "privacy",
        mixinStandardHelpOptions = true,
        description = "Ask what a mechanism costs, or what a target needs. Nothing is trained and no data is read.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PrivacyEpsilonCommand.class,
            PrivacyDeltaCommand.class,
            PrivacyCalibrateCommand.class,
            PrivacyComposeCommand.class,
            PrivacyCurveCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  sotto privacy epsilon --noise-multiplier 1.1 --rate 0.004 --steps 3750 \\",
            "      --delta 1e-5",
            "  sotto privacy calibrate --solve noise-multiplier --epsilon 1 --delta 1e-5 \\",
            "      --rate 0.00106610 --steps 9380",
            "  sotto privacy calibrate --solve clients-per-round --epsilon 2 --delta 1e-4 \\",
            "      --population 50000 --noise-to-clients-ratio 0.005 --steps 100 \\",
            "      --accountant rdp"
        })
final class PrivacyCommand {}
