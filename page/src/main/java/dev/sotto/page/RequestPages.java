package dev.sotto.page;

import dev.sotto.experiment.report.Figures;
import dev.sotto.experiment.report.Markup;
import dev.sotto.owner.Owner;
import dev.sotto.owner.request.Asked;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.OwnerKey;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestBook;
import dev.sotto.owner.request.RequestException;
import dev.sotto.owner.request.RequestWords;
import dev.sotto.privacy.Epsilon;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** What is asked, and the owner's answers: reads what browsers send, and changes the book. */
final class RequestPages {
    private static final Duration FRESH = Duration.ofSeconds(3);

    private final Shell shell;
    private final Owner owner;
    private final RequestBook book;
    private final RequestsView list;
    private final ActivityView activity;
    private final DecisionsView decisions;
    private final Clock clock = Clock.systemUTC();
    private Instant stateAt = Instant.MIN;
    private String state = "";

    RequestPages(Shell shell, OwnersPage.Subject subject) {
        this.shell = shell;
        this.owner = subject.owner();
        this.book = owner.requests();
        this.list = new RequestsView(book, shell.place());
        this.activity = new ActivityView(subject.activity(), shell.place());
        this.decisions = new DecisionsView(book, shell.place());
    }

    void routes(RoutesConfig routes) {
        Place place = shell.place();
        routes.get(place.path(""), this::all);
        routes.get(place.path("activity"), this::activity);
        routes.get(place.path("decisions"), this::decisions);
        routes.get(place.path("requests/{id}"), request -> show(request, find(request), Map.of()));
        routes.post(place.path("requests/{id}/approve"), this::approve);
        routes.post(place.path("requests/{id}/reject"), request -> refuse(request, book::reject, "rejected"));
        routes.post(place.path("requests/{id}/revoke"), request -> refuse(request, book::revoke, "revoked"));
    }

    private void all(Context request) {
        String now = state(true);
        String html = shell.page(Guard.visit(request), Shell.Tab.REQUESTS, "Requests", page -> {
            list.begin(page);
            activity.section(page, now);
            list.decided(page);
        });
        Place.show(request, 200, html);
    }

    private void decisions(Context request) {
        String html = shell.page(Guard.visit(request), Shell.Tab.DECISIONS, "Decisions", decisions::write);
        Place.show(request, 200, html);
    }

    private void activity(Context request) {
        Markup fragment = new Markup();
        activity.fragment(fragment, state(false));
        Place.show(request, 200, fragment.toString());
    }

    /** Changes when anything on the list does. Worked out every few seconds, however many pages ask. */
    private synchronized String state(boolean now) {
        if (now || Duration.between(stateAt, clock.instant()).compareTo(FRESH) > 0) {
            int hash = 1;
            for (Request each : book.all()) {
                hash = 31 * hash + Objects.hash(each.id(), book.decision(each).word(), book.ending(each));
            }
            state = Integer.toHexString(hash);
            stateAt = clock.instant();
        }
        return state;
    }

    private Request find(Context request) {
        String id = request.pathParam("id");
        return book.all().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new RefusedException(404, "There is no such request."));
    }

    private void show(Context request, Request asked, Map<String, String> errors) {
        Decision decision = book.decision(asked);
        Optional<Asked> clear = Optional.empty();
        String remark = "";
        try {
            clear = Optional.of(Asked.of(owner, asked));
            remark = notMeant(clear.get(), decision);
        } catch (RequestException e) {
            remark = "It cannot be approved. " + RequestView.sentence(e.getMessage());
        }
        boolean typed = request.formParam("rounds") != null;
        Optional<ApprovalForm> form =
                clear.map(own -> typed ? ApprovalForm.sent(request, own) : ApprovalForm.proposed(own));
        String reason = Optional.ofNullable(request.formParam("reason")).orElse("");
        Door.Visit visit = Guard.visit(request);
        RequestView view = new RequestView(
                shell,
                visit,
                asked,
                clear.map(own -> RequestWords.of(owner, asked, own)),
                remark,
                decision,
                book.ending(asked),
                form,
                reason,
                errors);
        String done = errors.isEmpty() ? RequestView.done(request.queryParam("done")) : "";
        String title = (errors.isEmpty() ? done : "Not done. ") + view.title();
        String html = shell.page(visit, Shell.Tab.REQUESTS, title, page -> view.write(page, done));
        Place.show(request, errors.isEmpty() ? 200 : 422, html);
    }

    /** What an owner may not have meant: a policy that refuses it, or a cap that ends the session early or is above the policy's. */
    private static String notMeant(Asked asked, Decision decision) {
        Optional<String> refusal = asked.policyRefusal();
        if (refusal.isPresent()) {
            return RequestView.sentence(refusal.get());
        }
        if (!(decision instanceof Decision.Approved approved)) {
            return "";
        }
        Optional<Epsilon> cap = approved.approval().limits().epsilon();
        double allowed = cap.map(Epsilon::value).orElse(Double.POSITIVE_INFINITY);
        if (allowed < asked.exampleEpsilon().orElse(Double.POSITIVE_INFINITY)) {
            return "You allow less epsilon than the session plans for, which is " + Say.epsilon(asked.exampleEpsilon())
                    + ": rounds past your limit will be refused, perhaps the first one.";
        }
        return asked.agreed()
                .cap()
                .filter(most -> most.value() < allowed)
                .map(most -> "Your policy\u2019s session-epsilon is smaller than what you allow, and holds besides: no"
                        + " session spends more than epsilon " + Figures.number(most.value()) + ".")
                .orElse("");
    }

    private void approve(Context request) {
        Request asked = find(request);
        decide(request, asked, "approved", () -> {
            ApprovalForm form = ApprovalForm.sent(request, Asked.of(owner, asked));
            Map<String, String> errors = form.errors();
            String seen = request.formParam(RequestView.SEEN);
            if (seen != null && !seen.equals(book.decision(asked).word())) {
                errors.put("decide", "It was decided on since you opened this page: look at it as it is now.");
            }
            if (errors.isEmpty()) {
                book.approve(asked, form.limits(clock.instant()), book.key());
            }
            return errors;
        });
    }

    /** Rejects or revokes. */
    private interface Refusal {
        void of(Request asked, String reason, OwnerKey key);
    }

    private void refuse(Context request, Refusal refusal, String done) {
        Request asked = find(request);
        String reason =
                Optional.ofNullable(request.formParam("reason")).orElse("").strip();
        decide(request, asked, done, () -> {
            if (reason.isEmpty()) {
                return Map.of("reason", "Say why, in a line: the coordinator is told.");
            }
            refusal.of(asked, reason, book.key());
            return Map.of();
        });
    }

    /** Decides, and says what is wrong instead if anything is. */
    private void decide(Context request, Request asked, String done, Supplier<Map<String, String>> decision) {
        Map<String, String> errors;
        try {
            errors = decision.get();
        } catch (RequestException e) {
            errors = Map.of("decide", RequestView.sentence(e.getMessage()));
        }
        if (errors.isEmpty()) {
            shell.place().redirect(request, "requests/" + asked.id() + "?done=" + done);
        } else {
            show(request, asked, errors);
        }
    }
}
