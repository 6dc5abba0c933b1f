package dev.sotto.cli;

import picocli.CommandLine.Command;

/** sotto node. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = {
            "A data owner's side of a federation. The node dials its coordinator, trains on the data that node.yaml"
                    + " describes, and releases what the owner's policy and ledger allow.",
            "Data never leaves; what leaves is written into the ledger first."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {NodeJoinCommand.class, NodeCheckCommand.class, NodeStartCommand.class, NodeRenewCommand.class},
        footer = {
            "",
            "Examples:",
            "  sotto node check --data node.yaml",
            "  sotto node join sotto1.bG9jYWxob3N0...",
            "  sotto node start --data node.yaml",
            "",
            "What was spent: sotto ledger show."
        })
final class NodeCommand {}
