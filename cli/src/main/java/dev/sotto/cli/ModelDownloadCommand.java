package dev.sotto.cli;

import dev.sotto.formats.config.ConfigException;
import dev.sotto.wire.Chunks;
import dev.sotto.wire.v1.Chunk;
import dev.sotto.wire.v1.ModelRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto model download. */
@Command(
        name = "download",
        mixinStandardHelpOptions = true,
        description = "Fetch a model of a coordinator's, as safetensors or NumPy's npz.",
        footer = {"", "Example:", "  sotto model download SHA-256 --out model.npz"})
final class ModelDownloadCommand implements Callable<Integer> {
    private static final List<String> FORMATS = List.of("safetensors", "npz");

    @Spec
    private CommandSpec spec;

    @Mixin
    private OperatorOptions operator;

    @Parameters(
            paramLabel = "SHA-256",
            description = "The model, as 'sotto model list' names it, or the first 8 digits or more.")
    private String model;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "Where to; it ends in .safetensors or .npz, which decides the format.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        ModelDigest wanted = ModelDigest.of("SHA-256", model);
        String format = out.toString().replaceFirst(".*\\.", "");
        if (!FORMATS.contains(format)) {
            throw new ConfigException("--out " + out + ": it must end in .safetensors or .npz");
        }
        Path part = out.resolveSibling("." + out.getFileName() + ".part");
        try (OperatorLink link = operator.connect()) {
            long bytes = fetch(
                    link,
                    ModelRequest.newBuilder()
                            .setSha256(wanted.in(link))
                            .setFormat(format)
                            .build(),
                    part);
            Files.move(part, out, StandardCopyOption.REPLACE_EXISTING);
            var json = Answers.object().put("file", out.toString()).put("bytes", bytes);
            Console.of(spec)
                    .result(
                            operator.json()
                                    ? json.toString()
                                    : out + ": " + Console.number((double) bytes, 0) + " bytes");
            return 0;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static long fetch(OperatorLink link, ModelRequest request, Path part) throws IOException {
        try (FileChannel file = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            Iterator<Chunk> chunks = link.streaming().downloadModel(request);
            long at = 0;
            while (chunks.hasNext()) {
                ByteBuffer data = Chunks.checked(chunks.next(), at, Long.MAX_VALUE);
                while (data.hasRemaining()) {
                    at += file.write(data);
                }
            }
            file.force(true);
            return at;
        } catch (StatusRuntimeException e) {
            throw link.explain(e);
        }
    }
}
