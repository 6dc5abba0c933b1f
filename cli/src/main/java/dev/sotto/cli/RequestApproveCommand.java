package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.owner.Owner;
import dev.sotto.owner.policy.OwnerPolicy;
import dev.sotto.owner.request.Approval;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.owner.request.Asked;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestWords;
import dev.sotto.privacy.Epsilon;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto request approve. */
@Command(
        name = "approve",
        mixinStandardHelpOptions = true,
        description = {
            "Let a request be done, within limits that you set. You are shown what matters, and asked.",
            "The approval is signed with your key over this very package, your data as it is now, and the limits. A node"
                    + " that runs takes part from then on by itself, and checks all of it before each round."
        },
        footer = {
            "",
            "Examples:",
            "  sotto request approve 3f9a1c20",
            "  sotto request approve 3f9a1c20 --rounds 5 --epsilon 1 --days 7",
            "  sotto request approve 3f9a1c20 --yes            # in scripts, once it was read",
            "",
            "Approving again sets new limits. 'sotto request revoke' takes it back."
        })
final class RequestApproveCommand implements Callable<Integer> {
    private static final int MOST_DAYS = 3650;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RequestChoice choice;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "The last round that may be done; by default all that are asked.")
    private Integer rounds;

    @Option(
            names = "--epsilon",
            paramLabel = "E",
            description = "The most that the session may spend; by default what it says it will. Your policy's"
                    + " session-epsilon holds besides, if it is smaller.")
    private Double epsilon;

    @Option(names = "--days", paramLabel = "N", description = "How long it holds; by default 30.")
    private Integer days;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() {
        Console console = Console.of(spec);
        try (Owner owner = choice.open()) {
            Request request = choice.in(owner);
            Asked asked = Asked.of(owner, request);
            ApprovalLimits limits = limits(asked);
            Optional<Epsilon> policy = owner.requests().basis(request).most();
            warnings(asked, policy, limits)
                    .forEach(note -> WordsText.wrapped("note: ", 6, note).forEach(console::remark));
            if (!yes) {
                console.remark(essentials(request, RequestWords.of(asked), policy, limits));
            }
            if (!Confirmation.given(yes, "Approve this?")) {
                console.remark("nothing was decided");
                return 1;
            }
            Approval approval = owner.requests().approve(request, limits, owner.key());
            console.result(choice.json() ? json(policy, request, approval) : text(policy, request, approval));
            return 0;
        }
    }

    private ApprovalLimits limits(Asked asked) {
        if (rounds != null && (rounds < 1 || rounds > asked.rounds())) {
            throw new ConfigException(
                    "--rounds " + rounds + ": it must be from 1 to " + asked.rounds() + ", the rounds that are asked");
        }
        if (epsilon != null && !(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
            throw new ConfigException("--epsilon " + epsilon + ": it must be above 0 and finite");
        }
        int whole = days == null ? OwnerPolicy.usual().approvalDays() : days;
        if (whole < 1 || whole > MOST_DAYS) {
            throw new ConfigException("--days " + whole + ": it must be from 1 to " + MOST_DAYS);
        }
        Optional<Epsilon> cap = epsilon == null ? asked.cap() : Optional.of(new Epsilon(epsilon));
        return new ApprovalLimits(
                rounds == null ? asked.rounds() : rounds,
                cap,
                Instant.now().plus(whole, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS));
    }

    /** What an owner may not have meant. */
    private static List<String> warnings(Asked asked, Optional<Epsilon> policy, ApprovalLimits limits) {
        List<String> lines = new ArrayList<>();
        limits.epsilon()
                .filter(cap -> cap.value() < asked.exampleEpsilon().orElse(Double.POSITIVE_INFINITY))
                .ifPresent(cap -> lines.add(
                        asked.exampleEpsilon().isEmpty()
                                ? "the session has no bound on epsilon, so under a limit no round of it will be done"
                                : "the session plans for epsilon "
                                        + Console.epsilon(asked.exampleEpsilon().getAsDouble())
                                        + "; rounds past your limit will be refused, perhaps the first one"));
        asked.policyRefusal().or(() -> policyHolds(policy, limits)).ifPresent(lines::add);
        if (!asked.ledger().fits()) {
            lines.add("your ledger's limit does not cover all of it; rounds past that will be refused");
        }
        return lines;
    }

    /** An approval widens no policy: where it allows more, the policy is what binds, and its owner ought to know. */
    private static Optional<String> policyHolds(Optional<Epsilon> policy, ApprovalLimits limits) {
        return policy.filter(
                        most -> limits.epsilon().map(Epsilon::value).orElse(Double.POSITIVE_INFINITY) > most.value())
                .map(most ->
                        "your policy's session-epsilon holds besides, and it is smaller: no session spends more than"
                                + " epsilon " + Console.epsilon(most.value()));
    }

    private static String essentials(
            Request request, RequestWords words, Optional<Epsilon> policy, ApprovalLimits limits) {
        List<String> lines = new ArrayList<>();
        lines.add("request " + request.shortId() + " of " + request.key().coordinator());
        for (String label : List.of("project", "purpose", "data set", "records", "an update", "noise", "spent after")) {
            words.row(label).ifPresent(value -> lines.addAll(WordsText.row(label, value)));
        }
        lines.add("you would allow");
        lines.addAll(WordsText.row("rounds", "1 to " + limits.rounds()));
        lines.addAll(WordsText.row("epsilon", epsilon(policy, limits)));
        lines.addAll(WordsText.row("until", day(limits)));
        lines.add("'sotto request show " + request.shortId() + "' says all of it");
        return String.join(System.lineSeparator(), lines);
    }

    private static String epsilon(Optional<Epsilon> policy, ApprovalLimits limits) {
        return limits.epsilon()
                        .map(cap -> "at most " + Console.epsilon(cap.value()))
                        .orElse("without bound, as far as your policy and your ledger allow")
                + policyHolds(policy, limits)
                        .map(held -> "; your policy allows "
                                + Console.epsilon(policy.orElseThrow().value()) + ", which holds")
                        .orElse("");
    }

    private static String day(ApprovalLimits limits) {
        return limits.expires().atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }

    private static String text(Optional<Epsilon> policy, Request request, Approval approval) {
        List<String> lines = new ArrayList<>(List.of("approved: request " + request.shortId()));
        lines.addAll(WordsText.row("rounds", "1 to " + approval.limits().rounds()));
        lines.addAll(WordsText.row("epsilon", epsilon(policy, approval.limits())));
        lines.addAll(WordsText.row("until", day(approval.limits())));
        lines.addAll(WordsText.row("your key", approval.signer()));
        lines.add("A node that runs takes part within seconds. To end it:");
        lines.add("  sotto request revoke " + request.shortId() + " --reason '...'");
        return String.join(System.lineSeparator(), lines);
    }

    private static String json(Optional<Epsilon> policy, Request request, Approval approval) {
        ObjectNode node = Answers.object().put("id", request.id()).put("state", "approved");
        RequestText.limits(approval.limits(), node);
        node.put("policyEpsilon", policy.map(Epsilon::value).orElse(null));
        return node.put("signer", approval.signer()).toString();
    }
}
