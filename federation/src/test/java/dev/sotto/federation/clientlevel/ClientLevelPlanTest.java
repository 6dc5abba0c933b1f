package dev.sotto.federation.clientlevel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.clientlevel.ClientSampling.FixedSize;
import dev.sotto.federation.clientlevel.ClientSampling.Known;
import dev.sotto.federation.clientlevel.ClientSampling.Poisson;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.accounting.ExactGaussian;
import dev.sotto.privacy.accounting.PldAccountant;
import dev.sotto.privacy.accounting.RdpAccountant;
import dev.sotto.privacy.event.DiscreteGaussianVector;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.NoOp;
import dev.sotto.privacy.event.NonPrivate;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SampledWithoutReplacement;
import dev.sotto.privacy.event.SelfComposed;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A client-level plan")
class ClientLevelPlanTest {
    private static final Poisson POISSON = new Poisson(100, 0.1);
    private static final FixedSize FIXED = new FixedSize(100, 10);
    private static final Known EVERYONE = new Known(100, 100);
    private static final UpdateNoise DISCRETE = new UpdateNoise.AtCoordinator(NoiseDistribution.DISCRETE_GAUSSIAN);
    private static final UpdateNoise CORRELATED = new UpdateNoise.Correlated(CorrelationKind.BLT, OptionalInt.of(2));
    private static final UpdateNoise SHARES = new UpdateNoise.AtClients(0);

    private static ClientLevelPrivacy asked() {
        return ClientLevelPrivacy.withNoise(1.5, 1e-4, 2);
    }

    private static Gaussian gaussian(double std, NeighbouringRelation relation) {
        return new Gaussian(std, 1, relation);
    }

    @Test
    void accountsPoissonSamplingUnderAddOrRemoveOne() {
        assertThat(asked().plan(POISSON, 3).roundEvent())
                .isEqualTo(new PoissonSampled(0.1, gaussian(1.5, NeighbouringRelation.ADD_OR_REMOVE_ONE)));
    }

    @Test
    void accountsSamplesOfFixedSizeUnderReplaceOneWithTwiceTheNorm() {
        ClientLevelPlan plan = asked().plan(FIXED, 3);
        assertThat(plan.roundEvent())
                .isEqualTo(new SampledWithoutReplacement(100, 10, gaussian(3, NeighbouringRelation.REPLACE_ONE)));
        assertThat(plan.noiseStddev(2)).isEqualTo(1.5 * 2 * 2);
    }

    @Test
    void accountsEveryoneUnderZeroOut() {
        assertThat(asked().plan(EVERYONE, 3).plannedEvent())
                .isEqualTo(new SelfComposed(gaussian(1.5, NeighbouringRelation.ZERO_OUT), 3));
    }

    @Test
    void hasNoAmplificationForWhoKnowsTheCohorts() {
        ClientLevelPlan plan = asked().plan(POISSON, 3);
        DpEvent known = plan.knowingCohorts(plan.plannedEvent());
        assertThat(known).isEqualTo(new SelfComposed(gaussian(1.5, NeighbouringRelation.ADD_OR_REMOVE_ONE), 3));
        assertThat(plan.epsilon(known).getAsDouble())
                .isGreaterThan(3 * plan.epsilon(plan.plannedEvent()).getAsDouble());
    }

    @Test
    void isNotAmplifiedWhereUpdatesArriveUnderTheirSendersNames() {
        ClientLevelPlan local = asked().with(new UpdateNoise.Local()).plan(POISSON, 3, 1);
        assertThat(local.amplifies()).isFalse();
        assertThat(local.roundEvent()).isEqualTo(gaussian(3, NeighbouringRelation.REPLACE_ONE));
    }

    static Stream<ClientSampling> draws() {
        return Stream.of(POISSON, FIXED);
    }

    /** The noise of n clients has variance in proportion to n, which over many values tells n to anybody. */
    @ParameterizedTest
    @MethodSource("draws")
    void isNotAmplifiedWhereNoiseTellsHowManyOfThoseDrawnAnswered(ClientSampling sampling) {
        ClientLevelPlan shares = asked().with(SHARES).plan(sampling, 3, 5);
        assertThat(shares.amplifies()).isFalse();
        assertThat(shares.roundEvent()).isEqualTo(gaussian(1.5, NeighbouringRelation.ZERO_OUT));
    }

    @ParameterizedTest
    @MethodSource("draws")
    void releasesEveryRoundWhereTheDrawIsSecret(ClientSampling sampling) {
        for (NeighbouringRelation relation :
                List.of(sampling.relation(), NeighbouringRelation.ZERO_OUT, NeighbouringRelation.REPLACE_ONE)) {
            for (int least : new int[] {1, 2, 10}) {
                assertThatThrownBy(() -> asked().with(relation).plan(sampling, 3, least))
                        .hasMessageStartingWith("cohort.min-clients: " + least + " is not possible under "
                                + "privacy.client-level with cohort.")
                        .hasMessageContaining("would tell who was drawn, which is to be secret; valid is 0")
                        .message()
                        .doesNotContain("\n");
            }
            assertThat(asked().with(relation).plan(sampling, 3, 0).amplifies()).isTrue();
        }
    }

    /** With everybody drawn the number of answers still tells who is there, which other relations take as public. */
    @Test
    void holdsARoundBackOnlyWhereWhoIsThereIsPublic() {
        Poisson all = new Poisson(100, 1);
        assertThatThrownBy(() -> asked().plan(all, 3, 100))
                .hasMessageContaining("would tell whether a client takes part; valid is 0");
        assertThat(asked().with(NeighbouringRelation.ZERO_OUT).plan(all, 3, 100).roundEvent())
                .isEqualTo(gaussian(1.5, NeighbouringRelation.ZERO_OUT));
        assertThat(asked().plan(EVERYONE, 3, 100).roundEvent()).isEqualTo(gaussian(1.5, NeighbouringRelation.ZERO_OUT));
    }

    /**
     * The mistake: two clients, each drawn with probability 0.9, three rounds that are released only if both are. Without one
     * of them nothing is ever released, so that anything is tells both apart, whatever the noise.
     */
    @Test
    void wouldClaimTooLittleForAReleaseThatWaitsForWhoIsDrawn() {
        ClientLevelPlan claimed = ClientLevelPrivacy.withNoise(20, 1e-3, 1).plan(new Poisson(2, 0.9), 3);
        Epsilon epsilon = new Epsilon(claimed.epsilon(claimed.plannedEvent()).getAsDouble());
        assertThat(epsilon.value()).isLessThan(0.2);
        double told = 1 - Math.pow(1 - 0.9 * 0.9, 3);
        assertThat(told)
                .isGreaterThan(0.99)
                .isGreaterThan(900 * claimed.asked().delta().value());
    }

    /**
     * The mistake: one client of ten is drawn and all others are away, so that a round that needs an update is released only
     * with that of the one. Its delta is a tenth of the whole noise's, which is more than amplification says.
     */
    @Test
    void wouldClaimTooLittleForAReleaseThatWaitsForAnAnswerOfTheOneDrawn() {
        ClientLevelPlan claimed = ClientLevelPrivacy.withNoise(0.5, 1e-3, 1).plan(new FixedSize(10, 1), 1);
        Epsilon epsilon = new Epsilon(PldAccountant.standard()
                .epsilon(claimed.plannedEvent(), new Delta(1e-3))
                .orInfinity());
        double happened = 0.1 * ExactGaussian.instance().delta(gaussian(1, NeighbouringRelation.REPLACE_ONE), epsilon);
        assertThat(happened).isGreaterThan(1.5e-3);
    }

    @Test
    void withCorrelatedNoiseIsOneEventReservedBeforeTheFirstRound() {
        ClientLevelPlan plan = asked().with(CORRELATED).plan(new Known(100, 10, 10), 30);
        Gaussian whole = (Gaussian) plan.plannedEvent();
        assertThat(whole.standardDeviation() / whole.sensitivity()).isCloseTo(1.5, within(1e-9));
        assertThat(whole.relation()).isEqualTo(NeighbouringRelation.ZERO_OUT);
        assertThat(plan.reservedBefore(1)).isEqualTo(whole);
        assertThat(plan.reservedBefore(2)).isEqualTo(new NoOp());
        assertThat(plan.correlated().orElseThrow().participation().maxParticipations())
                .isEqualTo(3);
        assertThat(plan.noiseStddev(2))
                .isEqualTo(plan.correlated().orElseThrow().standardDeviation());
    }

    @Test
    void withDiscreteNoiseIsBoundByRenyiAccountingAtWholeOrdersOnly() {
        ClientLevelPlan plan = asked().with(DISCRETE).plan(POISSON, 3);
        assertThat(plan.roundEvent())
                .isEqualTo(new PoissonSampled(
                        0.1, new DiscreteGaussianVector(1.5, 1, NeighbouringRelation.ADD_OR_REMOVE_ONE)));
        double continuous =
                plan.epsilon(asked().plan(POISSON, 3).plannedEvent()).getAsDouble();
        assertThat(plan.epsilon(plan.plannedEvent()).getAsDouble()).isBetween(continuous, 1.1 * continuous);
    }

    @Test
    void withoutNoiseProtectsNobodyAndSaysSo() {
        ClientLevelPlan plan = ClientLevelPrivacy.withNoise(0, 1e-4, 2).plan(POISSON, 3);
        assertThat(plan.roundEvent()).isEqualTo(new NonPrivate());
        assertThat(plan.epsilon(plan.plannedEvent())).isEmpty();
    }

    /** Whatever the relation: the noise that is added over how far the sum moves is what the event says, and no more. */
    @ParameterizedTest
    @EnumSource(NeighbouringRelation.class)
    void claimsNoMoreThanItsNoiseAndSensitivityProve(NeighbouringRelation relation) {
        ClientSampling sampling = relation == NeighbouringRelation.ADD_OR_REMOVE_ONE ? new Poisson(100, 1) : EVERYONE;
        ClientLevelPlan plan = asked().with(relation).plan(sampling, 1);
        double moved = relation == NeighbouringRelation.REPLACE_ONE ? 2 * 2 : 2;
        double proven = proven(plan.noiseStddev(2), moved);
        assertThat(claimed(plan.roundEvent())).isGreaterThanOrEqualTo(proven * (1 - 1e-9));
        Delta delta = new Delta(1e-4);
        double pld = PldAccountant.standard().epsilon(plan.roundEvent(), delta).orInfinity();
        double rdp = RdpAccountant.standard().epsilon(plan.roundEvent(), delta).orInfinity();
        assertThat(rdp).isGreaterThanOrEqualTo(pld);
        assertThat(pld).isGreaterThanOrEqualTo(proven * (1 - 1e-3));
        if (relation == NeighbouringRelation.REPLACE_ONE) {
            // The mistake: noise for C, sums 2C apart, and an event that says C.
            double broken = claimed(gaussian(1.5, NeighbouringRelation.ZERO_OUT));
            assertThat(broken).isLessThan(proven(1.5 * 2, moved));
        }
    }

    private static double claimed(DpEvent event) {
        return ExactGaussian.instance().epsilon(event, new Delta(1e-4)).orInfinity();
    }

    private static double proven(double std, double moved) {
        return ExactGaussian.instance()
                .epsilon(new Gaussian(std, moved, NeighbouringRelation.ZERO_OUT), new Delta(1e-4))
                .orInfinity();
    }

    /** What is refused, and the key that the line begins with. */
    record Refused(ClientLevelPrivacy asked, ClientSampling sampling, int minClients, String key) {
        @Override
        public String toString() {
            return key + " with " + asked.noise() + ", " + sampling;
        }
    }

    static Stream<Refused> refusals() {
        NeighbouringRelation add = NeighbouringRelation.ADD_OR_REMOVE_ONE;
        ClientLevelPrivacy limited = ClientLevelPrivacy.calibrated(1, 1e-4, 1);
        ClientLevelPrivacy quiet = new ClientLevelPrivacy(
                limited.epsilon(),
                limited.delta(),
                ClientLevelPrivacy.withNoise(0, 1e-4, 1).noiseMultiplier(),
                limited.clipping(),
                limited.relation(),
                AccountantChoice.RDP,
                true);
        ClientLevelPrivacy byPld = new ClientLevelPrivacy(
                limited.epsilon(),
                limited.delta(),
                asked().noiseMultiplier(),
                limited.clipping(),
                limited.relation(),
                AccountantChoice.PLD,
                true);
        UpdateClipping adaptive = UpdateClipping.Adaptive.from(1);
        return Stream.of(
                new Refused(asked().with(add), EVERYONE, 0, "relation"),
                new Refused(asked().with(add), FIXED, 0, "relation"),
                new Refused(asked().with(SHARES).with(add), POISSON, 1, "relation"),
                new Refused(asked().with(new UpdateNoise.Local()).with(add), POISSON, 1, "relation"),
                new Refused(
                        asked().with(new UpdateNoise.Local()).with(NeighbouringRelation.ZERO_OUT),
                        POISSON,
                        1,
                        "relation"),
                new Refused(asked().with(DISCRETE).with(NeighbouringRelation.REPLACE_ONE), POISSON, 0, "relation"),
                new Refused(asked().with(CORRELATED), POISSON, 0, "correlation"),
                new Refused(asked().with(CORRELATED), FIXED, 0, "correlation"),
                new Refused(asked().with(CORRELATED).with(adaptive), EVERYONE, 0, "clipping"),
                new Refused(asked().with(new UpdateNoise.Local()).with(adaptive), EVERYONE, 1, "clipping"),
                new Refused(asked().with(adaptive), new Known(10, 10), 0, "count-stddev"),
                new Refused(byPld.with(DISCRETE), EVERYONE, 0, "accountant"),
                new Refused(quiet, EVERYONE, 0, "noise-multiplier"),
                new Refused(ClientLevelPrivacy.withNoise(1, 1e-4, 1e30), EVERYONE, 0, "clipping-norm"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesInOneLineWhatIsNotProven(Refused refused) {
        assertThatThrownBy(() -> refused.asked().plan(refused.sampling(), 5, refused.minClients()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("privacy.client-level." + refused.key() + ": ")
                .hasMessageMatching(".*(; valid is |: raise |must be at least |; ask everyone).*")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void refusesSharesOfNoiseThatCouldNotAddUp() {
        assertThatThrownBy(() -> asked().with(new UpdateNoise.AtClients(4)).plan(EVERYONE, 5, 4))
                .hasMessageStartingWith("cohort.min-clients: 4; ");
        assertThatThrownBy(() -> asked().with(new UpdateNoise.Local()).plan(EVERYONE, 5, 0))
                .hasMessageStartingWith("cohort.min-clients: 0; ");
    }
}
