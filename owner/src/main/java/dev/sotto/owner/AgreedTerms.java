package dev.sotto.owner;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.SessionTerms;
import dev.sotto.federation.ClientPrivacy;
import dev.sotto.federation.LocalMethod;
import dev.sotto.federation.Plan;
import dev.sotto.federation.TrainingSchedule;
import dev.sotto.federation.clientlevel.ClientLevelPlan;
import dev.sotto.federation.clientlevel.UpdateNoise;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.settings.ClientSettings;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.accounting.Accountant;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.accounting.UnboundedEventException;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.NonPrivate;
import dev.sotto.privacy.ledger.Budget;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.ledger.InMemoryLedger;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a session may do at one data owner: worked out from its package, and from the owner's own settings where there are any.
 *
 * @param key which session
 * @param client what the federation calls the owner
 * @param dataSet what the owner calls the data
 * @param packageDigest of what was agreed to, in hexadecimal
 * @param clients that the session is planned for
 * @param plan of the whole run
 * @param method what the strategy asks of training
 * @param training how this client trains
 * @param privacy of its examples; empty for none
 * @param clientLevel of the whole federation; empty for none
 * @param settings of the owner, in words that change if they do; empty for none
 * @param cap the most that the owner lets any session spend on examples; empty for no limit
 */
public record AgreedTerms(
        SessionKey key,
        String client,
        String dataSet,
        String packageDigest,
        int clients,
        Plan plan,
        LocalMethod method,
        TrainingSchedule training,
        Optional<ClientPrivacy> privacy,
        Optional<ClientLevelPlan> clientLevel,
        String settings,
        Optional<Epsilon> cap) {
    /** What nothing is worked out for. */
    private static final Delta USUAL = new Delta(1e-5);

    /**
     * The package's terms as they are.
     *
     * @param examples that this client trains on
     */
    public static AgreedTerms of(
            SessionKey key,
            String client,
            String dataSet,
            String packageDigest,
            int clients,
            Plan plan,
            LocalMethod method,
            int examples) {
        return new AgreedTerms(
                key,
                client,
                dataSet,
                packageDigest,
                clients,
                plan,
                method,
                plan.training(),
                plan.clientPrivacy(examples),
                plan.clientLevelPlan(clients),
                "",
                Optional.empty());
    }

    /**
     * The package's terms, with the owner's settings applied, within the owner's cap.
     *
     * @param examples that this client trains on
     * @param settings of the owner, if there are any
     * @param most that a session may spend; empty for no limit
     * @throws IllegalArgumentException in one line, if settings and terms do not fit, or what is left of the session's rounds
     *     would tell who was drawn
     */
    public static AgreedTerms of(
            SessionKey key,
            String client,
            String dataSet,
            String packageDigest,
            int clients,
            SessionTerms terms,
            int examples,
            Optional<ClientSettings> settings,
            Optional<Epsilon> most) {
        AgreedTerms packaged = of(
                key,
                client,
                dataSet,
                packageDigest,
                clients,
                terms.plan(),
                terms.strategy().method(),
                examples);
        AgreedTerms agreed = settings.map(own -> own.apply(packaged, examples))
                .orElse(packaged)
                .within(most);
        agreed.privacy.ifPresent(own -> agreed.plan.requireForgetful(own, agreed.budget(), clients));
        return agreed;
    }

    /** The same with a client's own training and privacy. */
    public AgreedTerms with(TrainingSchedule ownTraining, Optional<ClientPrivacy> ownPrivacy, String ownSettings) {
        return new AgreedTerms(
                key,
                client,
                dataSet,
                packageDigest,
                clients,
                plan,
                method,
                ownTraining,
                ownPrivacy,
                clientLevel,
                ownSettings,
                cap);
    }

    /** The same where the owner's policy lets no session spend more than that, whatever the session's own limit is. */
    public AgreedTerms within(Optional<Epsilon> most) {
        return new AgreedTerms(
                key,
                client,
                dataSet,
                packageDigest,
                clients,
                plan,
                method,
                training,
                privacy,
                clientLevel,
                settings,
                most);
    }

    /** A program's error otherwise: what was decided on and what is done must be the same. */
    void requireAskedBy(Request request) {
        if (!key.equals(request.key())
                || !client.equals(request.client())
                || !dataSet.equals(request.dataSet())
                || !packageDigest.equals(request.packageDigest())
                || clients != request.clients()) {
            throw new IllegalArgumentException(key + " is not what request " + request.id() + " asks");
        }
    }

    /** What the session's own part of the ledger enforces. */
    public Budget budget() {
        return privacy.map(own -> own.budget().epsilon().isPresent() ? own.budget() : capped(own))
                .orElseGet(() -> Budget.unlimited(
                        delta(),
                        clientLevel.map(own -> own.asked().accountant()).orElse(AccountantChoice.RDP)));
    }

    /** A session without a hard limit does more than was planned if rounds are cut short, or come after those planned. */
    private Budget capped(ClientPrivacy own) {
        return cap.map(most -> new Budget(most, own.delta(), own.accountant()).forPlan(own.plannedEvent()))
                .orElseGet(own::budget);
    }

    /** At which epsilon is stated. */
    public Delta delta() {
        return privacy.map(ClientPrivacy::delta)
                .or(() -> clientLevel.map(own -> own.asked().delta()))
                .orElse(USUAL);
    }

    /** All that the session means to do to this owner's examples. */
    public DpEvent planned() {
        return privacy.map(ClientPrivacy::plannedEvent).orElseGet(this::unprotected);
    }

    /**
     * What is booked at once where examples have no protection of their own: what the noise on the sum of updates does for
     * one example, for the whole run, or a release without protection.
     */
    DpEvent unprotected() {
        return clientLevel
                .map(own -> DpEvents.forOneExample(own.plannedEvent()))
                .orElseGet(NonPrivate::new);
    }

    /** All that the session can do before its own limit stops it. */
    public DpEvent most() {
        if (privacy.isEmpty() || fits(planned())) {
            return planned();
        }
        ClientPrivacy own = privacy.get();
        InMemoryLedger trial = new InMemoryLedger(budget());
        int steps = 0;
        try {
            for (int round = 1; round <= plan.rounds(); round++) {
                trial.reserve(dataSet, own.roundEvent(steps, round), "");
                steps += own.steps(round);
            }
        } catch (BudgetExceededException e) {
            // Here it would be stopped.
        }
        return trial.spent(dataSet);
    }

    /**
     * Whether the session may come to more than {@link #most} tells: a round that was cut short stays booked, and is booked
     * again when it is done again, as long as the session's own limit covers it.
     */
    public boolean mayCostMore() {
        if (privacy.isEmpty()) {
            return false; // it is booked once, as a whole
        }
        ClientPrivacy own = privacy.get();
        InMemoryLedger trial = new InMemoryLedger(budget());
        int last = plan.rounds();
        try {
            trial.reserve(dataSet, planned(), "");
            trial.reserve(dataSet, own.roundEvent(own.plannedSteps() - own.steps(last), last), "");
            return true;
        } catch (BudgetExceededException e) {
            return false;
        }
    }

    private boolean fits(DpEvent all) {
        try {
            new InMemoryLedger(budget()).reserve(dataSet, all, "");
            return true;
        } catch (BudgetExceededException e) {
            return false;
        }
    }

    /**
     * The epsilon that the session may reach; empty if there is no bound. At {@link #delta}, which for clients is chosen for
     * their number: what their protection does for an example is stated at no more than suits this owner's examples.
     *
     * @param examples that this client trains on
     */
    public OptionalDouble epsilon(int examples) {
        if (privacy.isPresent()
                && privacy.get().hardLimit()
                && privacy.get().limit().isPresent()) {
            return OptionalDouble.of(privacy.get().limit().get().value());
        }
        Accountant accountant = budget().accountant().accountant();
        try {
            return accountant.epsilon(planned(), delta(examples)).epsilon();
        } catch (UnboundedEventException e) {
            return OptionalDouble.empty();
        }
    }

    /** At which this owner's caps on the session's epsilon are held. */
    Delta delta(int examples) {
        Delta own = Delta.below(examples);
        return privacy.isPresent() || delta().value() < own.value() ? delta() : own;
    }

    /**
     * What the epsilon of {@link #epsilon} rests on that this owner cannot check, in a sentence; empty where it rests on what is
     * done here alone.
     */
    public Optional<String> assumption() {
        if (privacy.isPresent() || clientLevel.isEmpty()) {
            return Optional.empty();
        }
        UpdateNoise noise = clientLevel.get().asked().noise();
        if (noise instanceof UpdateNoise.Local) {
            return Optional.empty();
        }
        return Optional.of(
                noise.atClients()
                        ? "The coordinator is trusted with numbers: that as many clients add their shares of noise as the plan"
                                + " counts on, and that they do not work together with it. Alone, one client's share protects"
                                + " far less."
                        : "The coordinator is trusted with this client's update: it adds the noise, and nobody here sees"
                                + " whether it does.");
    }

    /** What must be the same when a session goes on after a restart. */
    String record(int examples, int heldOut, boolean reproducible) {
        ObjectNode terms = JsonNodeFactory.instance.objectNode();
        terms.put("package", packageDigest)
                .put("client", client)
                .put("examples", examples)
                .put("heldOut", heldOut)
                .put("settings", settings)
                .put("reproducible", reproducible);
        return terms.toString();
    }
}
