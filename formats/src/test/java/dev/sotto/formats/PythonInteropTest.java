package dev.sotto.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files exchanged with NumPy and Hugging Face's safetensors. Needs a python3 with both packages (environment variable
 * SOTTO_PYTHON names another interpreter), so it runs in the system profile only.
 */
@Tag("system")
final class PythonInteropTest {
    private static final List<Tensor> TENSORS = List.of(
            new Tensor("a.weight", List.of(2, 3), new float[] {0, 1, 2, 3, 4, 0.1f}),
            new Tensor("b.bias", List.of(3), new float[] {-1, Float.MIN_VALUE, 3}),
            new Tensor("c", List.of(), new float[] {7}));
    private static final String ARRAYS = """
            import sys, numpy as np
            arrays = {'a.weight': np.array([[0, 1, 2], [3, 4, 0.1]], np.float32),
                      'b.bias': np.array([-1, 2.0 ** -149, 3], np.float32), 'c': np.array(7, np.float32)}
            def check(read):
                assert list(read.keys()) == list(arrays), list(read.keys())
                for k in arrays:
                    assert read[k].dtype == np.float32 and read[k].shape == arrays[k].shape, k
                    assert read[k].tobytes() == arrays[k].tobytes(), k
            """;

    @TempDir
    Path folder;

    @Test
    void numpyReadsOurNpzAndWeReadNumpys() throws Exception {
        Path ours = folder.resolve("ours.npz");
        Path theirs = folder.resolve("theirs.npz");
        Path stored = folder.resolve("stored.npz");
        Npz.write(ours, TENSORS);
        python(ARRAYS + """
                        check(np.load(sys.argv[1]))
                        np.savez_compressed(sys.argv[2], **arrays)
                        np.savez(sys.argv[3], **arrays)
                        """, ours, theirs, stored);
        NpzTest.same(Npz.read(theirs), TENSORS);
        NpzTest.same(Npz.read(stored), TENSORS);
        assertThat(Files.readAllBytes(ours)).isEqualTo(Files.readAllBytes(theirs));
    }

    @Test
    void safetensorsReadsOurFileAndWeReadTheirs() throws Exception {
        Path ours = folder.resolve("ours.safetensors");
        Path theirs = folder.resolve("theirs.safetensors");
        SafeTensors.write(ours, TENSORS, Map.of("made by", "Sotto"));
        python(ARRAYS + """
                        from safetensors import safe_open
                        from safetensors.numpy import load_file, save_file
                        read = load_file(sys.argv[1])
                        check({k: read[k] for k in sorted(read)})
                        with safe_open(sys.argv[1], 'np') as f:
                            assert f.metadata() == {'made by': 'Sotto'}, f.metadata()
                        save_file(arrays, sys.argv[2], metadata={'made by': 'Sotto'})
                        """, ours, theirs);
        NpzTest.same(SafeTensors.read(theirs).tensors(), TENSORS);
        assertThat(Files.readAllBytes(ours)).isEqualTo(Files.readAllBytes(theirs));
    }

    private void python(String script, Path... files) throws IOException, InterruptedException {
        Path program = Files.writeString(folder.resolve("check.py"), script);
        String python = Optional.ofNullable(System.getenv("SOTTO_PYTHON")).orElse("python3");
        ProcessBuilder builder = new ProcessBuilder(python, program.toString()).redirectErrorStream(true);
        for (Path file : files) {
            builder.command().add(file.toString());
        }
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
