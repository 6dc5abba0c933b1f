package dev.sotto.folders.aggregator;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientReport;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.RoundTask;
import dev.sotto.folders.Email;
import dev.sotto.folders.aggregator.Project.Member;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A project's participants, each behind folders that files appear in sooner or later. */
final class FolderFleet implements Fleet {
    private final RoundContext context;
    private final Map<String, Email> emails = new LinkedHashMap<>();
    private final List<ClientProfile> clients;

    /** The fleet of those on the roster. */
    FolderFleet(RoundContext context) {
        this.context = context;
        this.clients = context.project().roster().stream()
                .map(FolderFleet::profile)
                .sorted(java.util.Comparator.comparing(ClientProfile::id))
                .toList();
        context.project().roster().forEach(each -> {
            Email email = new Email(each.email());
            emails.put(email.clientId(), email);
        });
    }

    static ClientProfile profile(Member member) {
        return new ClientProfile(new Email(member.email()).clientId(), member.examples());
    }

    @Override
    public List<ClientProfile> clients() {
        return clients;
    }

    @Override
    public Collected run(RoundTask task, List<String> cohort, Aggregate empty, ClientObserver observer) {
        Map<String, ClientReport> reports = new TrainingRound(context, task, empty, observer).answers(open(cohort));
        return new Collected(empty, cohort.stream().map(reports::get).toList());
    }

    @Override
    public Map<String, Evaluated> evaluate(RoundTask task, List<String> cohort) {
        Map<String, Optional<Evaluated>> found = new EvaluationRound(context, task).answers(open(cohort));
        Map<String, Evaluated> ordered = new LinkedHashMap<>();
        cohort.forEach(client -> found.get(client).ifPresent(each -> ordered.put(client, each)));
        return ordered;
    }

    private Map<Email, ClientProfile> open(List<String> cohort) {
        Map<Email, ClientProfile> open = new LinkedHashMap<>();
        for (ClientProfile client : clients) {
            if (cohort.contains(client.id())) {
                open.put(emails.get(client.id()), client);
            }
        }
        return open;
    }

    /** Nothing: folders stay. */
    @Override
    public void close() {}
}
