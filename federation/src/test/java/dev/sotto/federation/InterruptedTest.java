package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.federation.Interrupted.Begun;
import dev.sotto.federation.RunResult.ClientLevelSpent;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.federation.clientlevel.UpdateClipping;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.SelfComposed;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.random.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A federation with client-level privacy that was interrupted")
final class InterruptedTest {
    private static final int ROUNDS = 5;

    private static Plan plan(Optional<Epsilon> limit) {
        ClientLevelPrivacy asked = new ClientLevelPrivacy(
                limit,
                new Delta(1e-3),
                limit.isPresent() ? Optional.empty() : Optional.of(new NoiseMultiplier(1)),
                new UpdateClipping.Fixed(new ClippingNorm(0.5)),
                Optional.empty(),
                AccountantChoice.RDP,
                true);
        return new Plan(
                "toy",
                Toys.MODEL,
                ROUNDS,
                new Participation(new Cohort.Poisson(0.5), 0, 0),
                Toys.TRAINING,
                Optional.empty(),
                Optional.of(asked),
                EvaluationPlan.every(1));
    }

    /** Remembers as a file would, and loses power when a round begins. */
    private static final class Memory implements RunJournal {
        private final int cut;
        private final List<RoundRecord> history = new ArrayList<>();
        private final List<Begun> begun = new ArrayList<>();
        private FederationState state;

        Memory(int cut) {
            this.cut = cut;
        }

        @Override
        public void ready(FederationState now) {
            keep(now);
        }

        @Override
        public void begins(int round, List<String> cohort) {
            begun.add(new Begun(round, cohort));
            if (round == cut) {
                throw new IllegalStateException("power cut");
            }
        }

        @Override
        public void finished(RoundRecord record, FederationState now) {
            begun.clear();
            history.add(record);
            keep(now);
        }

        private void keep(FederationState now) {
            state = new FederationState(
                    now.round(),
                    now.parameters().clone(),
                    now.strategy(),
                    now.exhausted(),
                    now.epsilon(),
                    now.clientLevel());
        }

        Interrupted run() {
            return new Interrupted(state, history, begun);
        }
    }

    private static Federation federation(Plan plan, Randomness randomness, RunJournal journal) {
        List<Client> clients = IntStream.range(0, 8)
                .mapToObj(k -> new Client(
                        "client-" + k,
                        Toys.clouds(40, k),
                        Optional.empty(),
                        plan.training(),
                        Optional.empty(),
                        new InMemoryLedger(Map.of()),
                        randomness,
                        new StandardTrainer()))
                .toList();
        return new Federation(
                plan,
                new FedAvg(false, 1),
                new OneByOneFleet(clients),
                Optional.empty(),
                randomness,
                new RunListener() {},
                journal);
    }

    private static Interrupted cut(Plan plan, Randomness randomness, int round) {
        Memory memory = new Memory(round);
        assertThatThrownBy(() -> federation(plan, randomness, memory).run(Toys.zeros()))
                .hasMessage("power cut");
        return memory.run();
    }

    private static ClientLevelSpent spent(RunResult result) {
        return result.clientLevel().orElseThrow();
    }

    @Test
    void endsWithASeedBitForBitAsIfItHadNotBeen() {
        Plan plan = plan(Optional.of(new Epsilon(2)));
        Randomness seeded = Randomness.seeded(3);
        RunResult whole = federation(plan, seeded, RunJournal.NONE).run(Toys.zeros());
        RunResult resumed = federation(plan, seeded, RunJournal.NONE).resume(cut(plan, seeded, 3));
        assertThat(resumed.parameters()).containsExactly(whole.parameters());
        assertThat(resumed.history()).hasSize(ROUNDS);
        assertThat(spent(resumed)).isEqualTo(spent(whole));
    }

    @Test
    void paysForTheRoundThatWasCutShort() {
        Plan plan = plan(Optional.empty());
        RunResult resumed =
                federation(plan, Randomness.secret(), RunJournal.NONE).resume(cut(plan, Randomness.secret(), 3));
        assertThat(resumed.history()).hasSize(ROUNDS);
        ClientLevelSpent spent = spent(resumed);
        assertThat(spent.spent())
                .isEqualTo(DpEvents.gathered(new SelfComposed(spent.plan().roundEvent(), ROUNDS + 1)));
    }

    @Test
    void findsItsLastRoundRefusedByAHardLimit() {
        Plan plan = plan(Optional.of(new Epsilon(2)));
        RunResult resumed =
                federation(plan, Randomness.secret(), RunJournal.NONE).resume(cut(plan, Randomness.secret(), 3));
        assertThat(resumed.ending()).isEqualTo(RunResult.Ending.BUDGET);
        assertThat(resumed.history()).hasSize(ROUNDS - 1);
        assertThat(spent(resumed).epsilon().orElseThrow()).isBetween(1.9, 2.0);
    }
}
