package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.data.Examples;
import dev.sotto.learning.LocalTraining;
import dev.sotto.learning.Optimizer;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.OptimizerSpec.Sgd;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.random.Randomness;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a strategy asks of a client")
class LocalMethodTest {
    private static final int SIZE = Toys.zeros().length;
    private static final Examples EXAMPLES = Toys.clouds(200, 1);
    private static final int STEPS = 2;

    /** Two steps of descent under a gradient of one in every coordinate, corrected as the context says. */
    private static final ClientTrainer UNIT_GRADIENT = (client, parameters, training) -> {
        OptimizerSpec spec = client.settings().optimizer();
        Optimizer optimizer = spec.create(parameters.length);
        for (int step = 0; step < STEPS; step++) {
            float[] gradient = Toys.filled(parameters.length, 1);
            client.correction().correct(parameters, gradient);
            optimizer.step(parameters, gradient, client.rate());
        }
        return new LocalTraining.Outcome(STEPS, 0);
    };

    private static TrainingSettings settings(double momentum, double rateDecay) {
        return new TrainingSettings(new Sgd(0.5, momentum, 0), 1, 0, 20, 20, rateDecay);
    }

    private static Client client(TrainingSettings settings, ClientTrainer trainer) {
        return new Client(
                "hospital",
                EXAMPLES,
                Optional.empty(),
                TrainingSchedule.of(settings),
                Optional.empty(),
                new InMemoryLedger(Map.of()),
                Randomness.seeded(1),
                trainer);
    }

    private static Client privateClient(ClientTrainer trainer) {
        ClientPrivacy privacy = ExamplePrivacy.withNoise(1, 1).forClient(EXAMPLES.size(), Toys.TRAINING, 3);
        return new Client(
                "hospital",
                EXAMPLES,
                Optional.empty(),
                TrainingSchedule.of(Toys.TRAINING),
                Optional.of(privacy),
                new InMemoryLedger(Map.of("hospital", privacy.budget())),
                Randomness.seeded(1),
                trainer);
    }

    private static RoundTask task(int round, LocalMethod method, float... extra) {
        return new RoundTask(round, Toys.zeros(), method, extra, Optional.empty());
    }

    private static float[] train(Client client, RoundTask task) {
        return client.train(task, Toys.training()).delta();
    }

    /** The two values that a vector of two halves has. */
    private static float[] halves(float[] vector) {
        assertThat(vector).hasSize(2 * SIZE);
        assertThat(Arrays.copyOf(vector, SIZE)).containsOnly(vector[0]);
        assertThat(Arrays.copyOfRange(vector, SIZE, 2 * SIZE)).containsOnly(vector[SIZE]);
        return new float[] {vector[0], vector[SIZE]};
    }

    @Test
    void aProximalTermPullsBackToTheRoundsModel() {
        // The first step moves by -0.5; there the gradient is 1 + 0.8 * -0.5 = 0.6, and the second moves by -0.3.
        float[] vector = train(client(settings(0, 1), UNIT_GRADIENT), task(1, new LocalMethod.Proximal(0.8)));
        assertThat(vector).hasSize(SIZE).containsOnly(-0.8f);
        assertThat(train(client(settings(0, 1), UNIT_GRADIENT), task(1, new LocalMethod.Proximal(0))))
                .containsOnly(-1);
    }

    @Test
    void controlVariatesBecomeTheMeanGradientAndCorrectEachStep() {
        Client client = client(settings(0, 1), UNIT_GRADIENT);
        LocalMethod method = new LocalMethod.ControlVariates();
        assertThat(client.state()).isEmpty();
        // c and c_i are zero: two plain steps, and c_i becomes the gradient.
        assertThat(halves(train(client, task(1, method)))).containsExactly(-1, 1);
        assertThat(client.state().get("control-variate")).containsOnly(1);
        // c is 0.25: each gradient is 1 + 0.25 - 1, and c_i stays.
        float[] common = Toys.filled(SIZE, 0.25f);
        assertThat(halves(train(client, task(2, method, common)))).containsExactly(-0.25f, 0);
        assertThat(client.state().get("control-variate")).containsOnly(1);
    }

    @Test
    void controlVariatesKnowMomentumAndTheRoundsRate() {
        // Momentum 0.5 makes two steps worth 2.5, at rate 0.25 in the second round.
        Client client = client(settings(0.5, 0.5), UNIT_GRADIENT);
        float[] halves = halves(train(client, task(2, new LocalMethod.ControlVariates())));
        assertThat(halves).containsExactly(new float[] {-0.625f, 1}, within(1e-6f));
    }

    @Test
    void aClientGoesOnFromItsControlVariate() {
        LocalMethod method = new LocalMethod.ControlVariates();
        Client first = client(settings(0, 1), UNIT_GRADIENT);
        train(first, task(1, method));
        Map<String, float[]> kept = first.state();
        float[] expected = train(first, task(2, method, Toys.filled(SIZE, 0.1f)));
        Client resumed = client(settings(0, 1), UNIT_GRADIENT);
        resumed.restore(kept);
        assertThat(train(resumed, task(2, method, Toys.filled(SIZE, 0.1f)))).isEqualTo(expected);
        resumed.restore(Map.of());
        assertThat(resumed.state()).isEmpty();
    }

    @Test
    void aControlVariateIsNotSpoiltByAnUpdateThatWillBeRefused() {
        Client client = client(settings(0, 1), (context, parameters, training) -> {
            parameters[0] = Float.NaN;
            return new LocalTraining.Outcome(STEPS, 0);
        });
        assertThat(train(client, task(1, new LocalMethod.ControlVariates()))[0]).isNaN();
        assertThat(client.state().get("control-variate")).containsOnly(0);
    }

    @Test
    void countedStepsAreWorthWhatMomentumAndPullMakeOfThem() {
        assertThat(train(client(settings(0, 1), UNIT_GRADIENT), task(1, new LocalMethod.Counted(0)))[SIZE])
                .isEqualTo(2);
        assertThat(train(client(settings(0.5, 1), UNIT_GRADIENT), task(1, new LocalMethod.Counted(0)))[SIZE])
                .isEqualTo(2.5f);
        // mu 0.8 at rate 0.5 takes 0.4 of the first step back; the update is as long as it is worth.
        float[] pulled = train(client(settings(0, 1), UNIT_GRADIENT), task(1, new LocalMethod.Counted(0.8)));
        assertThat(pulled[SIZE]).isCloseTo(1.6f, within(1e-6f));
        assertThat(pulled[0]).isEqualTo(-0.8f);
        // In the second round at half the rate.
        float[] later = train(client(settings(0, 0.5), UNIT_GRADIENT), task(2, new LocalMethod.Counted(0.8)));
        assertThat(later[SIZE]).isCloseTo(1.8f, within(1e-6f));
    }

    @Test
    void theStartingLossIsThatOfTheReceivedModelOnAllExamples() {
        float[] vector = train(client(settings(0, 1), new StandardTrainer()), task(1, new LocalMethod.StartLoss()));
        assertThat(vector).hasSize(SIZE + 1);
        assertThat(vector[SIZE]).as("two classes, no idea").isCloseTo((float) Math.log(2), within(1e-5f));
    }

    @Test
    void theStartingLossIsRefusedUnderExamplePrivacyBeforeAnythingIsTouched() {
        Client client = privateClient((context, parameters, training) -> {
            throw new AssertionError("trained");
        });
        DpEvent before = client.spent();
        assertThatThrownBy(() -> client.train(task(1, new LocalMethod.StartLoss()), Toys.training()))
                .isInstanceOf(RefusedUpdateException.class)
                .hasMessage("client hospital, round 1: the strategy asks for a loss, "
                        + "which example-level privacy does not protect");
        assertThat(client.spent()).isEqualTo(before);
    }

    @Test
    void correctionsComeAfterTheNoise() {
        // A pull of 1/rate takes each step back to the start before the released gradient is added: what is left is the
        // last release. Had the pull gone through clipping and noise, it would have been cut to the norm 1.
        double mu = 1 / Toys.TRAINING.optimizer().learningRate();
        float[] pulled = train(privateClient(new StandardTrainer()), task(1, new LocalMethod.Proximal(mu)));
        float[] plain = train(privateClient(new StandardTrainer()), task(1, new LocalMethod.Plain()));
        assertThat(Toys.norm(pulled)).isLessThan(Toys.norm(plain));
        assertThat(pulled).doesNotContain(Float.NaN);
        Client scaffold = privateClient(new StandardTrainer());
        float[] vector = train(scaffold, task(1, new LocalMethod.ControlVariates()));
        // Ten released gradients at rate 0.2: their mean is what the control variate becomes, to the rounding.
        for (int i = 0; i < SIZE; i++) {
            assertThat(vector[SIZE + i]).isCloseTo(-plain[i] / (10 * 0.2f), within(1e-5f));
        }
    }

    @Test
    void someMethodsNeedGradientDescent() {
        TrainingSettings adam = TrainingSettings.of(OptimizerSpec.adam(0.1), 20);
        assertThat(new LocalMethod.ControlVariates().misfit(adam))
                .hasValue("mean gradients cannot be told from the steps of adam; set client.optimizer.name to sgd");
        assertThat(new LocalMethod.Counted(0).misfit(adam).orElseThrow()).contains("the steps of adam");
        assertThat(new LocalMethod.ControlVariates().misfit(Toys.TRAINING)).isEmpty();
        assertThat(new LocalMethod.Proximal(1).misfit(adam)).isEmpty();
        assertThatThrownBy(() -> train(client(adam, UNIT_GRADIENT), task(1, new LocalMethod.ControlVariates())))
                .hasMessage("the strategy needs clients that train with sgd, not adam");
    }

    @Test
    void controlVariatesOfAnotherModelAreRefused() {
        assertThatThrownBy(() ->
                        train(client(settings(0, 1), UNIT_GRADIENT), task(1, new LocalMethod.ControlVariates(), 1, 2)))
                .hasMessageContaining("control variates have 2 and 12 values, but the model has 12 parameters");
    }
}
