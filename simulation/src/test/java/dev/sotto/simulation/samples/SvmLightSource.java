package dev.sotto.simulation.samples;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.DataSource;
import dev.sotto.data.Shape;
import dev.sotto.data.TableExamples;
import dev.sotto.data.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A data source of one's own: svmlight files, a line an example, {@code label index:value index:value}. Labels count from
 * 0 and indices from 1; what is not written is 0.
 *
 * @param file relative paths are resolved against the context's root
 */
record SvmLightSource(Path file, int features, int classes) implements DataSource {
    @Override
    public DataSet load(DataContext context) {
        List<String> lines;
        try {
            lines = Files.readAllLines(context.root().resolve(file));
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read", e);
        }
        float[] values = new float[lines.size() * features];
        int[] labels = new int[lines.size()];
        for (int row = 0; row < labels.length; row++) {
            try {
                String[] words = lines.get(row).trim().split(" +", -1);
                labels[row] = Integer.parseInt(words[0]);
                for (int i = 1; i < words.length; i++) {
                    String[] pair = words[i].split(":", 2);
                    int feature = Integer.parseInt(pair[0]);
                    if (feature < 1 || feature > features) {
                        throw new DataException("index " + feature + " is not between 1 and " + features);
                    }
                    values[row * features + feature - 1] = Float.parseFloat(pair[1]);
                }
            } catch (RuntimeException e) {
                throw new DataException(file + ":" + (row + 1) + ": " + e.getMessage(), e);
            }
        }
        TableExamples examples = TableExamples.classified(
                file.toString(), Shape.of(features), Target.Classes.numbered(classes), values, labels);
        return new DataSet("svmlight", examples, Optional.empty(), file.toString());
    }
}
