package dev.sotto.cli;

import dev.sotto.folders.Datasite;
import dev.sotto.folders.Email;
import dev.sotto.formats.config.ConfigException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto datasite trust. */
@Command(
        name = "trust",
        mixinStandardHelpOptions = true,
        description = {
            "Say which fingerprint another datasite's keys must have, as its owner told you by telephone, say.",
            "Without it, the first keys that are met under an address are kept, and others refused from then on: whoever can write"
                    + " to the synced tree could be first."
        },
        footer = {"", "Example:", "  sotto datasite trust aggregator@example.org 5f3c... --data-dir ~/SyftBox"})
final class DatasiteTrustCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "EMAIL", description = "The other datasite.")
    private String other;

    @Parameters(
            index = "1",
            paramLabel = "FINGERPRINT",
            description = "64 hexadecimal digits, as 'datasite status' shows them there.")
    private String fingerprint;

    @Mixin
    private DatasiteOptions options;

    @Override
    public Integer call() {
        Email email = Email.of(other);
        Datasite datasite = DatasiteOptions.open(options.file());
        try {
            datasite.expect(email, fingerprint);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(e.getMessage());
        }
        Console.of(spec).result("the keys of " + email + " must have this fingerprint");
        return 0;
    }
}
