package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.experiment.run.RunDirectory;
import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto package. */
@Command(
        name = "package",
        mixinStandardHelpOptions = true,
        description = {
            "Make and check packages: what a coordinator sends to data owners before a session.",
            "A package holds the model, the training and privacy settings, what is asked of the data, and the initial "
                    + "parameters, hashed and signed. It contains no code."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PackageCreateCommand.class, PackageCommand.Inspect.class, PackageCommand.Verify.class},
        footer = {
            "",
            "Examples:",
            "  sotto package create experiment.yaml",
            "  sotto package inspect digits.zip",
            "  sotto package verify digits.zip --key package-key.pem"
        })
final class PackageCommand {
    /** What is said of a package in JSON, whichever command says it. */
    static ObjectNode json(Path file, SessionPackage opened) throws IOException {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("file", file.toString()).put("bytes", Files.size(file));
        node.put("sha256", HexFormat.of().formatHex(opened.digest()));
        node.put("signer", SigningKey.fingerprint(opened.signer()));
        node.put("model", opened.model().name())
                .put("parameters", opened.model().layout().size());
        return node;
    }

    static String text(Path file, SessionPackage opened) throws IOException {
        return file + ": " + Console.number((double) Files.size(file), 0) + " bytes, "
                + opened.model().name() + ", "
                + Console.number(opened.model().layout().size(), 0)
                + " parameters\nSHA-256    " + HexFormat.of().formatHex(opened.digest()) + "\nsigned by  "
                + SigningKey.fingerprint(opened.signer());
    }

    /** sotto package inspect. */
    @Command(
            name = "inspect",
            mixinStandardHelpOptions = true,
            description = {
                "Show what a package asks of those who take part: its terms in full, what their data must be like, the "
                        + "model, and who signed it. All its digests and its signature are checked on the way."
            },
            footer = {"", "Example:", "  sotto package inspect digits.zip"})
    static final class Inspect implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "FILE", description = "The package.")
        private Path file;

        @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
        private boolean json;

        @Override
        public Integer call() throws IOException {
            SessionPackage opened = SessionPackage.open(file);
            if (json) {
                ObjectNode node = json(file, opened);
                node.set("contract", opened.contract().json());
                node.set("terms", opened.terms());
                Console.of(spec).result(node.toString());
            } else {
                Console.of(spec)
                        .result(text(file, opened) + "\ndata       " + opened.contract() + "\n\n"
                                + RunDirectory.yaml(opened.terms()).stripTrailing());
            }
            return 0;
        }
    }

    /** sotto package verify. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Check a package: its form, every digest, the signature, the terms and the parameters; and, with --key or "
                        + "--signer, that it was signed by whom you trust. Nodes check all of it by themselves, always."
            },
            footer = {
                "",
                "Examples:",
                "  sotto package verify digits.zip --key package-key.pem",
                "  sotto package verify digits.zip --signer FINGERPRINT",
                "",
                "Exit status: 0 valid, and signed as asked; 1 not; 2 wrong usage."
            })
    static final class Verify implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "FILE", description = "The package.")
        private Path file;

        @Option(
                names = "--key",
                paramLabel = "FILE",
                description = "The key it must be signed with: a PEM file with the public key.")
        private Path key;

        @Option(
                names = "--signer",
                paramLabel = "FINGERPRINT",
                description = "The SHA-256 of that key in hexadecimal, as 'package inspect' prints it.")
        private String signer;

        @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
        private boolean json;

        @Override
        public Integer call() throws IOException {
            if (signer != null && !signer.matches("[0-9a-fA-F]{64}")) {
                throw new ConfigException("--signer " + signer + ": a fingerprint is 64 hexadecimal digits");
            }
            SessionPackage opened = SessionPackage.open(file);
            if (key != null) {
                opened.verify(SigningKey.readPublic(key));
            }
            String found = SigningKey.fingerprint(opened.signer());
            if (signer != null && !signer.toLowerCase(Locale.ROOT).equals(found)) {
                throw new IOException(file + ": signature: signed with the key " + found + ", not with " + signer);
            }
            boolean trusted = key != null || signer != null;
            if (json) {
                Console.of(spec)
                        .result(json(file, opened)
                                .put("valid", true)
                                .put("trusted", trusted)
                                .toString());
            } else {
                Console.of(spec)
                        .result(
                                text(file, opened) + "\nvalid"
                                        + (trusted
                                                ? ", and signed with the key you named"
                                                : "; whose key that is, only you can tell: compare it, or give --key or --signer"));
            }
            return 0;
        }
    }
}
