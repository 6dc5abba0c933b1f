package dev.sotto.cli;

import picocli.CommandLine.Command;

/** sotto request. */
@Command(
        name = "request",
        mixinStandardHelpOptions = true,
        description = {
            "For data owners: what is asked of your data, in words, and your decision on it.",
            "Nothing of yours is used before you approve. An approval is signed with your key over exactly what was"
                    + " asked, and checked before each round; whatever changes is another request."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RequestListCommand.class,
            RequestShowCommand.class,
            RequestDiffCommand.class,
            RequestTryCommand.class,
            RequestApproveCommand.class,
            RequestRejectCommand.class,
            RequestRevokeCommand.class
        },
        footer = {
            "",
            "In the order you would use them:",
            "  sotto request list               what was asked, and what you decided",
            "  sotto request show 3f9a1c20      all of one request, in words",
            "  sotto request try 3f9a1c20       train on mock data: time, memory",
            "  sotto request approve 3f9a1c20   let it be done, within limits that you set",
            "  sotto request reject 3f9a1c20 --reason 'no ethics vote yet'",
            "  sotto request revoke 3f9a1c20 --reason 'the study has ended'",
            "",
            "A node may run at the same time: it learns of a decision within seconds."
        })
final class RequestCommand {}
