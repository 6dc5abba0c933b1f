package dev.sotto.simulation.samples;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataSet;
import dev.sotto.data.Examples;
import dev.sotto.data.generated.ClassificationSource;
import dev.sotto.data.partition.IidPartitioner;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.RunResult;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.Presets;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.simulation.Simulation;
import java.util.List;

/** Four hospitals train one model; every record is protected by DP-Adam with noise on per-example gradients. */
final class QuickStartSample {
    private QuickStartSample() {}

    public static void main(String[] arguments) {
        DataSet toy = new ClassificationSource(8000, 2000, 10, 3, 4, 1).load(DataContext.ofSystem());
        List<Examples> hospitals = new IidPartitioner().split(toy.train(), 4, 1).of(toy.train());

        RunResult result = Simulation.builder(Presets.fitting("logistic", toy.train()))
                .clients(hospitals)
                .test(toy.test().orElseThrow())
                .rounds(5)
                .training(TrainingSettings.of(OptimizerSpec.adam(0.05), 64))
                .privacy(ExamplePrivacy.calibrated(3, 1e-5, 1))
                .run()
                .result();

        System.out.printf(
                "accuracy %.1f%% at epsilon %.2f%n",
                100 * result.evaluation().orElseThrow().accuracy(),
                result.epsilon().orElseThrow());
    }
}
