package dev.sotto.federation.clientlevel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.NeighbouringRelation;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Andrew et al. 2021. Updates have norms from 0.5 to 1.5, so the median is 1. */
@DisplayName("Adaptive clipping")
class AdaptiveClippingTest {
    private static final int ROUNDS = 40;
    private static final int SIZE = 20;
    private static final int CLIENTS = 50;
    private static final ClientSampling EVERYONE = new ClientSampling.Known(CLIENTS, CLIENTS);

    private static float[][] updates() {
        SplittableRandom random = new SplittableRandom(3);
        float[][] updates = new float[CLIENTS][];
        for (int k = 0; k < CLIENTS; k++) {
            updates[k] = Runs.update(SIZE, 0.5 + (k + 0.5) / CLIENTS, random);
        }
        return updates;
    }

    private static ClientLevelMechanism mechanism(double initial, double noise) {
        return Runs.mechanism(plan(initial, noise), SIZE, 1);
    }

    private static ClientLevelPlan plan(double initial, double noise) {
        return ClientLevelPrivacy.withNoise(noise, Runs.DELTA, 1)
                .with(UpdateClipping.Adaptive.from(initial))
                .plan(EVERYONE, ROUNDS);
    }

    private static double norm(ClientLevelMechanism mechanism, int rounds) {
        for (int round = 1; round <= rounds; round++) {
            BoundedSum sum = mechanism.begin();
            for (float[] update : updates()) {
                sum.add(update.clone(), 1);
            }
            mechanism.release(sum, round);
        }
        return mechanism.clippingNorm();
    }

    private static boolean settled(double norm) {
        return Math.abs(norm - 1) <= 0.2;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 10})
    void theNormSettlesAtTheMedianWithoutNoise(double initial) {
        assertThat(settled(norm(mechanism(initial, 0), ROUNDS))).isTrue();
    }

    /** The count's noise moves a share by 1/20: after 40 steps of 0.2 times that the norm is off by a few percent. */
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 10})
    void theNormSettlesAtTheMedianWithNoise(double initial) {
        assertThat(settled(norm(mechanism(initial, 1), ROUNDS))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 10})
    void theSignInvertedIsFound(double initial) {
        assertThat(settled(simulated(initial, (norm, share) -> norm * Math.exp(0.2 * (share - 0.5)))))
                .isFalse();
        assertThat(settled(simulated(initial, (norm, share) -> norm * Math.exp(-0.2 * (share - 0.5)))))
                .isTrue();
    }

    private static double simulated(double initial, DoubleBinaryOperator rule) {
        double norm = initial;
        for (int round = 0; round < ROUNDS; round++) {
            double now = norm;
            double within = 0;
            for (int k = 0; k < CLIENTS; k++) {
                within += 0.5 + (k + 0.5) / CLIENTS <= now ? 1 : 0;
            }
            norm = rule.applyAsDouble(norm, within / CLIENTS);
        }
        return norm;
    }

    @Test
    void absentClientsCountAsNeither() {
        ClientLevelMechanism mechanism = mechanism(1, 0);
        mechanism.release(mechanism.begin(), 1);
        assertThat(mechanism.clippingNorm()).isEqualTo(1);
        BoundedSum one = mechanism.begin();
        one.add(new float[SIZE], 1);
        mechanism.release(one, 2);
        assertThat(mechanism.clippingNorm()).isCloseTo(Math.exp(-0.2 * 0.5 / CLIENTS), within(1e-7));
    }

    @Test
    void anUpdateThatIsNotFiniteCountsAsAbsent() {
        ClientLevelMechanism mechanism = mechanism(1, 0);
        BoundedSum sum = mechanism.begin();
        float[] broken = new float[SIZE];
        broken[3] = Float.NaN;
        sum.add(broken, 1);
        assertThat(mechanism.release(sum, 1).mean()).containsOnly(0f);
        assertThat(mechanism.clippingNorm()).isEqualTo(1);
    }

    @Test
    void sumAndCountTogetherAreOneGaussianOfTheWholesNoise() {
        ClientLevelPlan plan = plan(1, 1);
        assertThat(plan.countStddev()).hasValue(CLIENTS / 20.0);
        double whole = 1 / Math.sqrt(Math.pow(plan.sumNoiseMultiplier(), -2) + Math.pow(2 * CLIENTS / 20.0, -2));
        assertThat(whole).isCloseTo(1, within(1e-12));
        assertThat(plan.noiseStddev(0.3)).isCloseTo(plan.sumNoiseMultiplier() * 0.3, within(1e-12));
    }

    @Test
    void underReplaceOneBothSensitivitiesDouble() {
        ClientLevelPlan plan = ClientLevelPrivacy.withNoise(1, Runs.DELTA, 1)
                .with(UpdateClipping.Adaptive.from(1))
                .with(NeighbouringRelation.REPLACE_ONE)
                .plan(EVERYONE, 1);
        double ofCount = CLIENTS / 20.0;
        assertThat(1 / Math.sqrt(Math.pow(plan.sumNoiseMultiplier(), -2) + Math.pow(ofCount, -2)))
                .isCloseTo(1, within(1e-12));
        assertThat(plan.noiseStddev(1)).isCloseTo(plan.sumNoiseMultiplier() * 2, within(1e-12));
    }

    /** Chi-square over 1,000 rounds, false alarms 1e-6: the share is moved by N(0, sigma_b^2) over the expected clients. */
    @Test
    void theCountCarriesTheNoiseThatWasDeclared() {
        ClientLevelPlan plan = ClientLevelPrivacy.withNoise(1, Runs.DELTA, 1)
                .with(new UpdateClipping.Adaptive(new ClippingNorm(1), 0.5, 0.01, OptionalDouble.of(7)))
                .plan(EVERYONE, 1000);
        ClientLevelMechanism mechanism = Runs.mechanism(plan, SIZE, 4);
        float[] moves = new float[1000];
        for (int round = 1; round <= moves.length; round++) {
            double before = mechanism.clippingNorm();
            mechanism.release(mechanism.begin(), round);
            moves[round - 1] = (float) (-Math.log(mechanism.clippingNorm() / before) / 0.01 * CLIENTS);
        }
        assertThat(Runs.plausible(Runs.stddev(moves), 7, moves.length)).isTrue();
        assertThat(Runs.plausible(Runs.stddev(moves), 7 * 1.2, moves.length)).isFalse();
    }

    @Test
    void aCountTooQuietForTheNoiseIsRefusedWithWhatToDo() {
        ClientSampling few = new ClientSampling.Known(10, 10);
        ClientLevelPrivacy asked =
                ClientLevelPrivacy.withNoise(1, Runs.DELTA, 1).with(UpdateClipping.Adaptive.from(1));
        assertThatThrownBy(() -> asked.plan(few, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("privacy.client-level.count-stddev: 0.5 with 10.0 clients a round")
                .hasMessageContaining("below 1.0");
    }
}
