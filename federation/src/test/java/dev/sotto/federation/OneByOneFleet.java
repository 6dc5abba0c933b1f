package dev.sotto.federation;

import dev.sotto.learning.DivergedException;
import dev.sotto.learning.LocalTraining;
import dev.sotto.privacy.ledger.BudgetExceededException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The smallest fleet there is: every client in turn, on the caller's thread. */
final class OneByOneFleet implements Fleet {
    private final Map<String, Client> clients = new LinkedHashMap<>();
    private final LocalTraining training = Toys.training();

    OneByOneFleet(List<Client> clients) {
        clients.forEach(client -> this.clients.put(client.profile().id(), client));
    }

    @Override
    public List<ClientProfile> clients() {
        return clients.values().stream().map(Client::profile).toList();
    }

    @Override
    public Collected run(RoundTask task, List<String> cohort, Aggregate empty, ClientObserver observer) {
        List<ClientReport> reports = new ArrayList<>();
        for (String id : cohort) {
            ClientReport report = train(clients.get(id), task, empty);
            reports.add(report);
            observer.finished(report);
        }
        return new Collected(empty, reports);
    }

    private ClientReport train(Client client, RoundTask task, Aggregate into) {
        try {
            ClientUpdate update = client.train(task, training);
            into.add(update);
            return ClientReport.of(update, task.parameters().length);
        } catch (BudgetExceededException e) {
            return refused(client, ClientReport.Reason.BUDGET, e);
        } catch (RefusedUpdateException e) {
            return refused(client, e.reason(), e);
        } catch (DivergedException e) {
            return refused(client, ClientReport.Reason.DIVERGED, e);
        }
    }

    private static ClientReport refused(Client client, ClientReport.Reason reason, RuntimeException why) {
        ClientProfile profile = client.profile();
        return ClientReport.refused(
                profile.id(), profile.examples(), client.epsilon(), new ClientReport.Refusal(reason, why.getMessage()));
    }

    @Override
    public Map<String, Evaluated> evaluate(RoundTask task, List<String> cohort) {
        Map<String, Evaluated> found = new LinkedHashMap<>();
        for (String id : cohort) {
            clients.get(id).evaluate(task, training.network()).ifPresent(scores -> found.put(id, scores));
        }
        return found;
    }

    @Override
    public void close() {}
}
