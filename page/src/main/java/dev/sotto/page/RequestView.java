package dev.sotto.page;

import dev.sotto.experiment.report.Figures;
import dev.sotto.experiment.report.Markup;
import dev.sotto.owner.request.Approval;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestWords;
import dev.sotto.owner.request.RequestWords.Line;
import dev.sotto.owner.request.RequestWords.Part;
import dev.sotto.owner.request.RequestWords.Row;
import dev.sotto.owner.request.RequestWords.Sentence;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One request: what it asks, what was decided, and the forms to decide with.
 *
 * @param words of what it asks; empty if that cannot be read
 * @param remark why not, or what the owner may not have meant by an approval; may be empty
 * @param ending how its session ended; empty if it did not
 * @param form the limits proposed, or typed; empty if it cannot be read
 * @param reason typed for a rejection or revocation
 * @param errors by field; under {@code decide} what the book refused
 */
record RequestView(
        Shell shell,
        Door.Visit visit,
        Request request,
        Optional<RequestWords> words,
        String remark,
        Decision decision,
        Optional<String> ending,
        Optional<ApprovalForm> form,
        String reason,
        Map<String, String> errors) {
    /** What had been decided when a form was shown: an old one must not undo what was decided since. */
    static final String SEEN = "seen";

    String title() {
        return RequestsView.title(request);
    }

    /** What was just done, as a sentence and a space; empty for words that are none of ours. */
    static String done(String word) {
        return switch (word == null ? "" : word) {
            case "approved" -> "Approved. ";
            case "rejected" -> "Rejected. ";
            case "revoked" -> "Revoked. ";
            default -> "";
        };
    }

    static String sentence(String line) {
        return line.substring(0, 1).toUpperCase(Locale.ROOT) + line.substring(1) + (line.endsWith(".") ? "" : ".");
    }

    /** What holds, in a sentence, or two where the session is over. */
    static String words(Decision decision, Optional<String> ending) {
        if (ending.isEmpty()) {
            return words(decision);
        }
        String over = "The session is over: " + ending.get() + (ending.get().endsWith(".") ? "" : ".");
        return decision instanceof Decision.Pending
                ? "It waits for you no longer. " + over + " There is nothing to decide unless it is asked for again."
                : words(decision) + " " + over;
    }

    private static String words(Decision decision) {
        if (decision instanceof Decision.Approved approved) {
            return (approved.approval().automatic() ? "Approved by your policy on " : "You approved it on ")
                    + Say.minute(approved.approval().at()) + ", "
                    + words(approved.approval().limits()) + ".";
        }
        if (decision instanceof Decision.Expired expired) {
            Approval before = expired.approval();
            return "The approval of " + Say.minute(before.at()) + " was good until "
                    + Say.minute(before.limits().expires()) + " and is over.";
        }
        if (decision instanceof Decision.Rejected rejected) {
            return "You rejected it: \u201c" + rejected.reason() + "\u201d.";
        }
        if (decision instanceof Decision.Revoked revoked) {
            return "You revoked your approval: \u201c" + revoked.reason()
                    + "\u201d. No further round is done; what was released stays released.";
        }
        if (decision instanceof Decision.Superseded) {
            return "What the session asks, or your data, is something else by now: see the newer request.";
        }
        return "It waits for your decision. No record is touched before you approve.";
    }

    static String words(ApprovalLimits limits) {
        return "up to round " + limits.rounds()
                + limits.epsilon()
                        .map(most -> ", epsilon at most " + Figures.number(most.value()))
                        .orElse("")
                + ", until " + Say.minute(limits.expires());
    }

    void write(Markup page, String done) {
        page.open("p", "class", "crumb")
                .element("a", "All requests", "href", shell.place().path(""))
                .close();
        page.element("h1", title(), "dir", "auto");
        if (!done.isEmpty()) {
            page.element(
                    "p",
                    done + "The program that trains will know within a second or two.",
                    "class",
                    "done",
                    "role",
                    "status");
        }
        wrong(page);
        page.element("p", words(decision, ending), "class", "lead", "dir", "auto");
        page.open("p", "class", "soft").text("Asked on ");
        Say.time(page, request.arrived());
        page.text(", number ").element("code", request.shortId());
        if (!forms().isEmpty()) {
            page.text(". ").element("a", "Go to the decision", "href", "#decide");
        }
        page.close();
        if (!remark.isEmpty()) {
            page.notice(remark);
        }
        words.ifPresent(own -> own.parts().forEach(part -> part(page, part)));
        decide(page);
    }

    /** What was wrong with a form, with ways to its fields. */
    private void wrong(Markup page) {
        if (errors.isEmpty()) {
            return;
        }
        page.open("div", "class", "wrong", "role", "alert").element("p", "Nothing was changed.");
        page.open("ul");
        errors.forEach((field, error) ->
                page.open("li").element("a", error, "href", "#" + field).close());
        page.close().close();
    }

    private static void part(Markup page, Part part) {
        String id = "part-" + part.title().toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-");
        page.open("section", "aria-labelledby", id).element("h2", part.title(), "id", id, "dir", "auto");
        boolean listing = false;
        for (Line line : part.lines()) {
            if (line instanceof Row row) {
                if (!listing) {
                    page.open("dl", "class", "facts");
                    listing = true;
                }
                page.open("div")
                        .element("dt", row.label())
                        .element("dd", row.value(), "dir", "auto")
                        .close();
            } else if (line instanceof Sentence sentence) {
                if (listing) {
                    page.close();
                    listing = false;
                }
                page.element("p", sentence.text(), "dir", "auto");
            }
        }
        if (listing) {
            page.close();
        }
        page.close();
    }

    private enum Form {
        APPROVE,
        REJECT,
        REVOKE
    }

    /** The decisions that are possible now. */
    private Set<Form> forms() {
        boolean approved = decision instanceof Decision.Approved;
        boolean open = decision instanceof Decision.Pending || decision instanceof Decision.Expired;
        Set<Form> forms = EnumSet.noneOf(Form.class);
        if (form.isPresent() && !approved && !(decision instanceof Decision.Superseded)) {
            forms.add(Form.APPROVE);
        }
        if (open) {
            forms.add(Form.REJECT);
        }
        if (approved) {
            forms.add(Form.REVOKE);
        }
        return forms;
    }

    private void decide(Markup page) {
        Set<Form> forms = forms();
        if (forms.isEmpty()) {
            return;
        }
        page.open("section", "id", "decide", "class", "choices", "aria-label", "Decide", "tabindex", "-1");
        if (forms.contains(Form.APPROVE)) {
            approve(page);
        }
        if (forms.contains(Form.REJECT)) {
            because(page, "reject", "Reject", "Nothing is trained. You can approve it later after all.");
        }
        if (forms.contains(Form.REVOKE)) {
            because(page, "revoke", "Revoke", "No further round is done. What was released stays released.");
        }
        page.close();
    }

    private void approve(Markup page) {
        shell.form(page, visit, "requests/" + request.id() + "/approve", "class", "card", "novalidate", "");
        page.empty("input", "type", "hidden", "name", SEEN, "value", decision.word());
        page.open("fieldset").element("legend", "Approve, within limits");
        page.element(
                "p",
                decision instanceof Decision.Pending
                        ? "What is proposed is all that is asked. You can allow less, and revoke it at any time."
                        : "It may then be done after all.",
                "class",
                "soft");
        form.orElseThrow().write(page, errors);
        page.close().element("button", "Approve", "class", "go").close();
    }

    private void because(Markup page, String to, String verb, String consequence) {
        shell.form(page, visit, "requests/" + request.id() + "/" + to, "class", "card", "novalidate", "");
        page.open("fieldset").element("legend", verb + ", with a reason").element("p", consequence, "class", "soft");
        page.open("div", "class", "fields");
        ApprovalForm.field(page, errors, "reason", "Reason", "One line. The coordinator is told.", reason, "text");
        page.close().close();
        page.element("button", verb, "class", "stop").close();
    }
}
