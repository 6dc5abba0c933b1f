package dev.sotto.simulation;

import dev.sotto.federation.Client;
import dev.sotto.federation.ClientState;
import dev.sotto.federation.Federation;
import dev.sotto.federation.Interrupted;
import dev.sotto.federation.RunJournal;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.TestData;
import dev.sotto.learning.Initialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A simulation with its workers: {@link #start} or {@link #resume} it, once. */
final class SimulatedRun implements AutoCloseable {
    private final Simulation simulation;
    private final List<Client> clients;
    private final Optional<TestData> test;
    private final InProcessFleet fleet;
    private final Federation federation;

    SimulatedRun(Simulation simulation, List<Client> clients, RunListener listener, RunJournal journal) {
        this.simulation = simulation;
        this.clients = clients;
        this.test = simulation
                .test()
                .map(examples -> new TestData(
                        examples,
                        simulation.engine(),
                        simulation.plan().model(),
                        simulation.metrics(),
                        simulation.workers()));
        this.fleet = new InProcessFleet(
                clients, simulation.engine(), simulation.plan().model(), simulation.workers());
        this.federation = new Federation(
                simulation.plan(),
                simulation.strategy(),
                UnreliableFleet.of(fleet, simulation.plan(), simulation.randomness()),
                test,
                simulation.randomness(),
                listener,
                journal);
    }

    RunResult start() {
        return federation.run(
                Initialization.draw(simulation.plan().model(), simulation.randomness().stream("initial-parameters")));
    }

    /** With the clients as another process left them; rounds that came to no safe end stay spent, unless drawn again. */
    RunResult resume(Interrupted run, Map<String, ClientState> states) {
        for (Client client : clients) {
            String id = client.profile().id();
            Optional.ofNullable(states.get(id)).ifPresent(client::resume);
            if (!client.reproducible()) {
                run.begun().forEach(begun -> charge(client, begun));
            }
        }
        return federation.resume(run);
    }

    private void charge(Client client, Interrupted.Begun begun) {
        if (begun.cohort().contains(client.profile().id())) {
            client.charge(begun.round());
        }
        // Who evaluated is not kept, so everybody is taken to have.
        if (simulation.plan().evaluation().due(begun.round(), simulation.plan().rounds())) {
            client.chargeEvaluation(begun.round());
        }
    }

    /** What there is of a run that broke off. */
    RunResult soFar() {
        return federation.soFar();
    }

    @Override
    public void close() {
        fleet.close();
        test.ifPresent(TestData::close);
    }
}
