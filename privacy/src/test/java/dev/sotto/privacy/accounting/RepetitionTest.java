package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.ExponentialMechanism;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.NoOp;
import dev.sotto.privacy.event.RandomizedResponse;
import dev.sotto.privacy.event.SelfComposed;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An event repeated n times costs what n copies of it cost. Of dp_accounting 0.6 this finds two bugs: its exponential
 * mechanism (RDP) and its randomized response (PLD) ignore the count. Accountants with these bugs are kept here, and fail.
 */
class RepetitionTest {
    private static final Delta DELTA = new Delta(1e-5);

    /** An accountant that takes one kind of event for done once, however often it was. */
    private record Forgetful(Accountant accountant, Class<? extends DpEvent> kind) implements Accountant {
        @Override
        public String name() {
            return accountant.name() + ", forgetting to count";
        }

        @Override
        public EpsilonAnswer epsilon(DpEvent event, Delta delta) {
            return accountant.epsilon(uncounted(event), delta);
        }

        @Override
        public double delta(DpEvent event, Epsilon epsilon) {
            return accountant.delta(uncounted(event), epsilon);
        }

        private DpEvent uncounted(DpEvent event) {
            if (event instanceof SelfComposed repeated) {
                return kind.isInstance(repeated.event())
                        ? repeated.event()
                        : new SelfComposed(uncounted(repeated.event()), repeated.count());
            }
            return event instanceof Composed composed
                    ? new Composed(
                            composed.events().stream().map(this::uncounted).toList())
                    : event;
        }
    }

    private static final Accountant BROKEN_RENYI = new Forgetful(RdpAccountant.standard(), ExponentialMechanism.class);
    private static final Accountant BROKEN_PLD = new Forgetful(PldAccountant.standard(), RandomizedResponse.class);

    /** Whether seven times is as seven copies, however nested, and more than once. */
    private static boolean counts(Accountant accountant, DpEvent event) {
        double repeated = epsilon(accountant, new SelfComposed(event, 7));
        double copies = epsilon(accountant, new Composed(Collections.nCopies(7, event)));
        double nested = epsilon(accountant, Composed.of(new SelfComposed(new SelfComposed(event, 2), 3), event));
        boolean more = event instanceof NoOp || repeated > epsilon(accountant, event);
        return repeated == copies && repeated == nested && more;
    }

    private static double epsilon(Accountant accountant, DpEvent event) {
        return accountant.epsilon(event, DELTA).orInfinity();
    }

    static Stream<DpEvent> every() {
        return OtherEventsTest.every();
    }

    @ParameterizedTest
    @MethodSource("every")
    void repeatedIsAsManyCopies(DpEvent event) {
        for (Accountant accountant : List.of(RdpAccountant.standard(), PldAccountant.standard())) {
            if (OtherEventsTest.bounds(accountant, event)) {
                assertThat(counts(accountant, event)).as(accountant.name()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("every")
    void anAccountantThatForgetsToCountIsFound(DpEvent event) {
        if (event instanceof ExponentialMechanism) {
            assertThat(counts(BROKEN_RENYI, event)).isFalse();
        }
        if (event instanceof RandomizedResponse) {
            assertThat(counts(BROKEN_PLD, event)).isFalse();
        }
        if (event instanceof Gaussian) {
            assertThat(counts(BROKEN_RENYI, event)).isTrue();
            assertThat(counts(BROKEN_PLD, event)).isTrue();
        }
    }
}
