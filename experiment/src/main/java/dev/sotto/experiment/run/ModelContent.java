package dev.sotto.experiment.run;

import dev.sotto.formats.Npz;
import dev.sotto.formats.SafeTensors;
import dev.sotto.formats.Tensor;
import dev.sotto.formats.Torch;
import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The arrays of a model file, whose kind its name's ending tells.
 *
 * @param format safetensors, npz or pt
 * @param tensors in the order of the file
 * @param metadata what else it says; empty but for safetensors
 */
record ModelContent(String format, List<Tensor> tensors, Map<String, String> metadata) {
    private static final String KINDS = ".safetensors, .npz, .pt or .pth";

    /**
     * Reads a file.
     *
     * @throws ConfigException in one line, if there is no such file or its kind is not known
     * @throws IOException in one line, if it is not what its ending says
     */
    static ModelContent read(Path file) throws IOException {
        String name = file.getFileName() == null ? "" : file.getFileName().toString();
        if (!Files.isRegularFile(file)) {
            throw new ConfigException(file + ": no such file; give a model file: " + KINDS);
        }
        if (name.endsWith(".safetensors")) {
            SafeTensors.Content content = SafeTensors.read(file);
            return new ModelContent("safetensors", content.tensors(), content.metadata());
        }
        if (name.endsWith(".npz")) {
            return new ModelContent("npz", Npz.read(file), Map.of());
        }
        if (name.endsWith(".pt") || name.endsWith(".pth")) {
            return new ModelContent("pt", Torch.read(file), Map.of());
        }
        throw new ConfigException(file + ": not a kind of model file that is known; it must end in " + KINDS);
    }
}
