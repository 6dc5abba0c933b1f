package dev.sotto.federation;

import dev.sotto.federation.RoundRecord.ClientLevelRound;
import dev.sotto.federation.RunResult.ClientLevelSpent;
import dev.sotto.federation.clientlevel.ClientLevelMechanism;
import dev.sotto.federation.clientlevel.ClientLevelPlan;
import dev.sotto.learning.Layout;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.NoOp;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.ledger.Ledger;
import dev.sotto.privacy.ledger.LedgerEntry;
import dev.sotto.privacy.ledger.Reservation;
import dev.sotto.privacy.random.Randomness;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Client-level privacy through the rounds of one run: reserve, bound, release, commit. One thread at a time. */
final class ClientLevelRounds {
    private static final String POPULATION = "clients";
    private static final Pattern INTERRUPTED = Pattern.compile("round (\\d+), interrupted");

    private final ClientLevelPlan plan;
    private final ClientLevelMechanism mechanism;
    private final MeanStrategy strategy;
    private final Ledger ledger;
    private Optional<Reservation> reserved = Optional.empty();

    private ClientLevelRounds(ClientLevelPlan plan, MeanStrategy strategy, Layout layout, Randomness randomness) {
        this.plan = plan;
        this.mechanism = plan.mechanism(layout, strategy.method().width(layout.size()), randomness);
        this.strategy = strategy;
        this.ledger = new InMemoryLedger(Map.of(POPULATION, plan.budget()));
    }

    /** Those of a run, if its plan protects clients. */
    static Optional<ClientLevelRounds> of(Plan plan, int clients, Strategy strategy, Randomness randomness) {
        return plan.clientLevelPlan(clients)
                .map(own -> new ClientLevelRounds(
                        own, (MeanStrategy) strategy, plan.model().layout(), randomness));
    }

    ClientLevelMechanism mechanism() {
        return mechanism;
    }

    /** Books a round before anybody is asked. With correlated noise the first books the whole run. */
    void reserve(int round) {
        DpEvent event = plan.reservedBefore(round);
        reserved = event instanceof NoOp
                ? Optional.empty()
                : Optional.of(ledger.reserve(POPULATION, event, "round " + round));
    }

    /** Books an event besides the rounds. */
    Reservation reserve(DpEvent event, String purpose) {
        return ledger.reserve(POPULATION, event, purpose);
    }

    void commit(Reservation reserved) {
        ledger.commit(reserved);
    }

    Aggregate begin(int round) {
        return new BoundedAggregate(mechanism.begin(), round);
    }

    /** Moves the parameters by what the mechanism lets out. */
    ClientLevelRound release(float[] parameters, Aggregate gathered, int round) {
        ClientLevelMechanism.Released released = mechanism.release(((BoundedAggregate) gathered).sum(), round);
        double share = plan.sampling().expectedClients() / plan.sampling().population();
        strategy.step(parameters, released.mean(), share);
        reserved.ifPresent(ledger::commit);
        return new ClientLevelRound(released.clippingNorm(), stated(released), epsilon());
    }

    /** The noise that may be told. Shares add up to more the more clients take part: told is what is there at the least. */
    private double stated(ClientLevelMechanism.Released released) {
        return plan.asked().noise().atClients() ? plan.noiseStddev(released.clippingNorm()) : released.noiseStddev();
    }

    /** Goes on without releasing; what was reserved stays spent. */
    void pass(int round) {
        mechanism.pass(round);
    }

    FederationState.ClientLevel state() {
        return new FederationState.ClientLevel(
                ledger.entries(POPULATION), mechanism.clippingNorm(), mechanism.secretState());
    }

    /** Books again what an earlier process of this run had booked. */
    void restore(FederationState.ClientLevel state) {
        LedgerEntry.replay(state.ledger(), POPULATION, ledger);
        mechanism.restore(state.clippingNorm(), state.noise());
    }

    /** Books a round that an earlier process began: whether it released anything is not known. */
    void charge(int round) {
        try {
            ledger.reserve(POPULATION, plan.roundEvent(), "round " + round + ", interrupted");
        } catch (BudgetExceededException e) {
            if (plan.correlation().isPresent()) {
                throw e; // the whole run was booked before its first round, so this is no repetition of a refusal
            }
            // Else it was refused before the interruption too, and touched nothing.
        }
    }

    /** The round that an entry books once more because an earlier process began it; empty for any other entry. */
    static OptionalInt interrupted(LedgerEntry entry) {
        Matcher purpose = INTERRUPTED.matcher(entry.purpose());
        return entry.kind() == LedgerEntry.Kind.RESERVED && purpose.matches()
                ? OptionalInt.of(Integer.parseInt(purpose.group(1)))
                : OptionalInt.empty();
    }

    /** What the rounds have cost so far. */
    ClientLevelSpent total() {
        DpEvent spent = ledger.spent(POPULATION);
        return new ClientLevelSpent(plan, spent, plan.epsilon(spent));
    }

    private OptionalDouble epsilon() {
        return plan.epsilon(ledger.spent(POPULATION));
    }
}
