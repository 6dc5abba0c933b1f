package dev.sotto.federation.clientlevel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.random.Randomness;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The noise that is really on the sum has the standard deviation that the event says. Chi-square over 20,000 values; false
 * alarms 1e-6 each. What is off by 5% is found.
 */
@DisplayName("Noise on the sum")
class NoiseOnTheSumTest {
    private static final int SIZE = 20_000;
    private static final double NORM = 0.5;
    private static final double NOISE = 1.3;
    private static final ClientSampling FIFTY = new ClientSampling.Known(50, 50);

    private static ClientLevelPrivacy asked() {
        return ClientLevelPrivacy.withNoise(NOISE, Runs.DELTA, NORM);
    }

    /** The noise on the sum of a round with zero updates, as the released mean times the public constant. */
    private static double shown(ClientLevelMechanism mechanism, ClientSampling sampling, int replies, int round) {
        BoundedSum sum = mechanism.begin();
        for (int k = 0; k < replies; k++) {
            float[] vector = new float[SIZE];
            int client = k;
            float[] sent = mechanism
                    .atClients()
                    .map(release -> release.apply(vector, 1, Randomness.seeded(100 * round + client).stream("share")))
                    .orElse(vector);
            sum.add(sent, 1);
        }
        float[] mean = mechanism.release(sum, round).mean();
        return Runs.stddev(mean) * sampling.expectedClients();
    }

    private static double shown(ClientLevelPlan plan, int replies) {
        return shown(Runs.mechanism(plan, SIZE, 9), plan.sampling(), replies, 1);
    }

    @Test
    void isTheNoiseMultiplierTimesTheSensitivity() {
        ClientLevelPlan plan = asked().plan(FIFTY, 1);
        assertThat(Runs.plausible(shown(plan, 50), NOISE * NORM, SIZE)).isTrue();
        ClientLevelPlan replaced =
                asked().with(NeighbouringRelation.REPLACE_ONE).plan(FIFTY, 1);
        assertThat(Runs.plausible(shown(replaced, 50), NOISE * 2 * NORM, SIZE)).isTrue();
        assertThat(Runs.plausible(shown(replaced, 50), NOISE * NORM, SIZE))
                .as("replace-one, noised as C")
                .isFalse();
    }

    @Test
    void doesNotShrinkWhenFortyPercentDropOut() {
        ClientLevelPlan plan = asked().plan(FIFTY, 1);
        double shown = shown(plan, 30);
        assertThat(Runs.plausible(shown, NOISE * NORM, SIZE)).isTrue();
        assertThat(Runs.plausible(NOISE * NORM * 30 / 50, NOISE * NORM, SIZE))
                .as("scaled with the replies")
                .isFalse();
        assertThat(Runs.plausible(NOISE * NORM * Math.sqrt(30.0 / 50), NOISE * NORM, SIZE))
                .as("shares for fifty, thirty came")
                .isFalse();
        assertThat(Runs.plausible(shown * 50 / 30, NOISE * NORM, SIZE))
                .as("divided by the replies")
                .isFalse();
    }

    @Test
    void dividesByThePublicConstantHoweverManyReply() {
        ClientLevelMechanism mechanism =
                Runs.mechanism(ClientLevelPrivacy.withNoise(1e-6, Runs.DELTA, 1).plan(FIFTY, 1), 4, 1);
        BoundedSum sum = mechanism.begin();
        sum.add(new float[] {0.5f, 0, 0, 0}, 1);
        assertThat(mechanism.release(sum, 1).mean()[0]).isCloseTo(0.01f, within(1e-5f));
    }

    @Test
    void ofAnAdaptiveRoundBelongsToTheNormThatClipped() {
        ClientLevelPlan plan = asked().with(UpdateClipping.Adaptive.from(NORM)).plan(FIFTY, 2);
        ClientLevelMechanism mechanism = Runs.mechanism(plan, SIZE, 2);
        double shown = shown(mechanism, FIFTY, 50, 1);
        assertThat(Runs.plausible(shown, plan.sumNoiseMultiplier() * NORM, SIZE))
                .isTrue();
        // All updates are zero and within: the next norm is smaller by a tenth.
        assertThat(mechanism.clippingNorm()).isCloseTo(NORM * Math.exp(-0.1), within(0.03));
        assertThat(Runs.plausible(shown, plan.sumNoiseMultiplier() * mechanism.clippingNorm(), SIZE))
                .as("scaled by the next norm")
                .isFalse();
        assertThat(Runs.plausible(NOISE * NORM, plan.sumNoiseMultiplier() * NORM, SIZE * 50))
                .as("the count's part not added")
                .isFalse();
    }

    @Test
    void inSharesAddsUpToTheWholeForTheSmallestRoundAndMoreForLarger() {
        ClientLevelPlan plan = asked().with(new UpdateNoise.AtClients(5)).plan(FIFTY, 1, 25);
        assertThat(plan.shareStddev(NORM)).isCloseTo(NOISE * NORM / Math.sqrt(20), within(1e-12));
        double whole = NOISE * NORM;
        assertThat(Runs.plausible(shown(plan, 20), whole, SIZE)).isTrue();
        assertThat(Runs.plausible(shown(plan, 50), whole * Math.sqrt(50 / 20.0), SIZE))
                .isTrue();
        assertThat(Runs.plausible(shown(plan, 50), whole, SIZE)).isFalse();
    }

    @Test
    void inSharesIsReportedAsItWasExecuted() {
        ClientLevelPlan plan = asked().with(new UpdateNoise.AtClients(0)).plan(FIFTY, 1, 25);
        ClientLevelMechanism mechanism = Runs.mechanism(plan, SIZE, 1);
        BoundedSum sum = mechanism.begin();
        for (int k = 0; k < 36; k++) {
            sum.add(new float[SIZE], 1);
        }
        assertThat(mechanism.release(sum, 1).noiseStddev()).isCloseTo(NOISE * NORM * 6 / 5, within(1e-12));
    }

    @Test
    void inSharesHoldsTheCountAsOneMoreValue() {
        ClientLevelPlan plan = asked().with(UpdateClipping.Adaptive.from(NORM))
                .with(new UpdateNoise.AtClients(0))
                .plan(FIFTY, 1, 50);
        ClientLevelMechanism mechanism = Runs.mechanism(plan, SIZE, 1);
        UpdateRelease release = mechanism.atClients().orElseThrow();
        float[] sent = release.apply(new float[SIZE], 1, Randomness.seeded(1).stream("share"));
        assertThat(sent).hasSize(SIZE + 1);
        assertThat(mechanism.begin().width()).isEqualTo(SIZE + 1);
        double shown = shown(mechanism, FIFTY, 50, 1);
        assertThat(Runs.plausible(shown, plan.sumNoiseMultiplier() * NORM, SIZE))
                .isTrue();
        assertThat(mechanism.clippingNorm()).isCloseTo(NORM * Math.exp(-0.1), within(0.03));
    }

    @Test
    void underLocalPrivacyIsOnEachUpdateAlone() {
        ClientLevelPlan plan = asked().with(new UpdateNoise.Local()).plan(FIFTY, 1, 1);
        assertThat(plan.relation()).isEqualTo(NeighbouringRelation.REPLACE_ONE);
        ClientLevelMechanism mechanism = Runs.mechanism(plan, SIZE, 1);
        float[] sent =
                mechanism.atClients().orElseThrow().apply(new float[SIZE], 1, Randomness.seeded(5).stream("share"));
        assertThat(Runs.plausible(Runs.stddev(sent), NOISE * 2 * NORM, SIZE)).isTrue();
        assertThat(Runs.plausible(shown(plan, 25), NOISE * 2 * NORM * 5, SIZE)).isTrue();
    }

    @Test
    void fromADiscreteGaussianIsTheSame() {
        ClientLevelPlan plan = asked().with(new UpdateNoise.AtCoordinator(NoiseDistribution.DISCRETE_GAUSSIAN))
                .plan(FIFTY, 1);
        assertThat(Runs.plausible(shown(plan, 30), NOISE * NORM, SIZE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-5, 1, 1e7})
    void isOnAGridOfItsScale(double noise) {
        for (NoiseDistribution distribution : NoiseDistribution.values()) {
            ClientLevelPlan plan = ClientLevelPrivacy.withNoise(noise, Runs.DELTA, NORM)
                    .with(new UpdateNoise.AtCoordinator(distribution))
                    .plan(FIFTY, 1);
            assertThat(Runs.plausible(shown(plan, 50), noise * NORM, SIZE))
                    .as(distribution.label())
                    .isTrue();
        }
    }

    /** Each round's by itself, and the sum of three rounds', which carries less than independent noise would. */
    @Test
    void thatIsCorrelatedTakesBackPartOfEarlierRounds() {
        ClientSampling byTurns = new ClientSampling.Known(50, 10, 5);
        for (CorrelationKind kind : CorrelationKind.values()) {
            ClientLevelPlan plan = asked().with(new UpdateNoise.Correlated(kind, OptionalInt.empty()))
                    .plan(byTurns, 5);
            ClientLevelMechanism mechanism = Runs.mechanism(plan, SIZE, 3);
            float[] total = new float[SIZE];
            for (int round = 1; round <= 5; round++) {
                ClientLevelMechanism.Released released = mechanism.release(mechanism.begin(), round);
                double expected = plan.correlated().orElseThrow().standardDeviation(round - 1);
                assertThat(released.noiseStddev()).isEqualTo(expected);
                assertThat(Runs.plausible(Runs.stddev(released.mean()) * 10, expected, SIZE))
                        .isTrue();
                for (int i = 0; i < SIZE; i++) {
                    total[i] += released.mean()[i] * 10;
                }
            }
            double independent = NOISE * NORM * Math.sqrt(5.0);
            assertThat(Runs.stddev(total)).isLessThan(0.9 * independent);
        }
    }

    @Test
    void thatIsCorrelatedGoesOnFromItsSecretState() {
        ClientLevelPlan plan = asked().with(new UpdateNoise.Correlated(CorrelationKind.BLT, OptionalInt.of(2)))
                .plan(new ClientSampling.Known(50, 10, 5), 6);
        ClientLevelMechanism whole = Runs.mechanism(plan, 50, 3);
        ClientLevelMechanism first = Runs.mechanism(plan, 50, 3);
        for (int round = 1; round <= 3; round++) {
            whole.release(whole.begin(), round);
            if (round == 2) {
                first.pass(round); // not released, and yet the noise moves on
            } else {
                first.release(first.begin(), round);
            }
        }
        ClientLevelMechanism second = Runs.mechanism(plan, 50, 3);
        second.restore(first.clippingNorm(), first.secretState());
        assertThat(second.release(second.begin(), 4).mean())
                .isEqualTo(whole.release(whole.begin(), 4).mean());
        assertThat(Runs.mechanism(asked().plan(FIFTY, 2), 50, 3).secretState()).isEmpty();
    }

    /** 2^31 clients at the norm, all alike, with noise a billion times as large. */
    @Test
    void neverWraps() {
        for (double noise : new double[] {1e-3, 1, 1e9}) {
            for (NoiseDistribution distribution : NoiseDistribution.values()) {
                ClientLevelPlan plan = ClientLevelPrivacy.withNoise(noise, Runs.DELTA, NORM)
                        .with(new UpdateNoise.AtCoordinator(distribution))
                        .plan(FIFTY, 1);
                ClientLevelMechanism mechanism = Runs.mechanism(plan, 4, 1);
                BoundedSum sum = mechanism.begin();
                sum.add(new float[] {(float) NORM, 0, 0, 0}, 1);
                for (int doubling = 0; doubling < 31; doubling++) {
                    BoundedSum other = sum.fresh();
                    other.merge(sum);
                    sum.merge(other);
                }
                double expected = 0x1p31 * NORM / 50;
                assertThat(mechanism.release(sum, 1).mean()[0])
                        .isCloseTo((float) expected, within((float) (1e-5 * expected + 10 * noise * NORM)));
            }
        }
    }

    @Test
    void isLeftOutOnlyWhereNoneWasAskedFor() {
        ClientLevelPlan plan = ClientLevelPrivacy.withNoise(0, Runs.DELTA, NORM).plan(FIFTY, 3);
        assertThat(shown(plan, 50)).isZero();
        assertThat(plan.epsilon(plan.plannedEvent())).isEmpty();
    }
}
