package dev.sotto.experiment.report;

import dev.sotto.experiment.run.ClientGuarantee;
import dev.sotto.experiment.run.Mechanism;
import dev.sotto.experiment.run.PrivacyStatement;
import dev.sotto.experiment.run.RecordedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** The guarantee in plain words: what it says, rests on, and does not cover. */
final class PrivacySection {
    private final RecordedRun run;
    private final Markup page;

    PrivacySection(RecordedRun run, Markup page) {
        this.run = run;
        this.page = page;
    }

    void write() {
        run.privacy().ifPresent(this::write);
    }

    private void write(PrivacyStatement statement) {
        page.open("section", "id", "privacy").element("h2", "Privacy");
        if (statement.accounted()) {
            guarantee(statement);
        } else {
            page.element("p", "This run is without differential privacy: " + statement.overall() + ".");
        }
        List<String> assumptions = new ArrayList<>(statement.assumptions());
        statement.arithmetic().ifPresent(assumptions::add);
        page.open("div", "class", "pair");
        sentences("What it rests on", assumptions);
        sentences(statement.accounted() ? "What it does not cover" : "What that leaves open", statement.notCovered());
        page.close();
        page.close();
    }

    private void guarantee(PrivacyStatement statement) {
        page.element("p", meaning(statement));
        overshoot(statement);
        batchClipping(statement);
        mechanism(statement);
    }

    private static String meaning(PrivacyStatement statement) {
        if (statement.epsilon().isEmpty()) {
            return "No finite epsilon bounds what was released: the run guarantees nothing.";
        }
        double epsilon = statement.epsilon().getAsDouble();
        double delta = statement.delta().orElseThrow();
        double times = Math.exp(epsilon);
        String bound = times < 1e4
                ? "its presence makes whatever they may observe at most e^" + Figures.epsilon(epsilon) + " = "
                        + Figures.epsilon(times) + " times more or less likely, but for a probability of "
                        + Figures.delta(delta)
                : "that is what a small epsilon would say; one of " + Figures.epsilon(epsilon)
                        + " is too large to promise anything in practice";
        return "Whoever sees every update and every model of the run, and knows all other examples, can hardly tell whether any"
                + " one " + statement.unit() + " was there: " + bound + ". This is " + statement.overall() + ".";
    }

    private void overshoot(PrivacyStatement statement) {
        List<ClientGuarantee> past =
                statement.clients().stream().filter(ClientGuarantee::pastLimit).toList();
        if (!past.isEmpty()) {
            notice(Figures.counted(past.size(), "client") + " went past the target of epsilon "
                    + range(past, client -> client.limit().orElseThrow())
                    + ": the limit was not a hard one, so all planned rounds ran.");
        }
    }

    private void batchClipping(PrivacyStatement statement) {
        OptionalDouble otherwise = statement.clients().stream()
                .flatMapToDouble(client -> client.perExampleEpsilon().stream())
                .max();
        if (otherwise.isPresent()) {
            notice(
                    "Clipping whole batches costs privacy: the same noise with each example's gradient clipped would have cost"
                            + " epsilon " + Figures.epsilon(otherwise) + " instead of "
                            + Figures.epsilon(statement.epsilon()) + ".");
        }
    }

    private void notice(String text) {
        page.element("p", text, "class", "notice", "role", "note");
    }

    private void mechanism(PrivacyStatement statement) {
        List<ClientGuarantee> clients = statement.clients();
        List<Mechanism> all = clients.stream().map(ClientGuarantee::mechanism).toList();
        if (all.isEmpty()) {
            return;
        }
        Mechanism first = all.get(0);
        page.open("dl", "class", "facts");
        fact("Unit", "one " + statement.unit());
        statement.relation().ifPresent(relation -> fact("Neighbours", relation));
        statement.accountant().ifPresent(name -> fact("Accountant", name + order(clients)));
        fact("Noise multiplier", range(all, Mechanism::noiseMultiplier) + schedule(first.noiseSchedule()));
        fact(
                "Clipping",
                first.clipping() + ", per " + first.clipPer() + ", norm " + range(all, Mechanism::clippingNorm)
                        + schedule(first.clippingSchedule()));
        fact("Sampling rate", range(all, Mechanism::samplingRate));
        fact("Batch", range(all, Mechanism::batchSize) + " expected");
        fact("Steps per client", range(clients, ClientGuarantee::steps) + planned(clients));
        page.close();
    }

    private static String planned(List<ClientGuarantee> clients) {
        boolean all = clients.stream().allMatch(client -> client.steps() == client.plannedSteps());
        return all ? "" : " of " + range(clients, ClientGuarantee::plannedSteps) + " planned";
    }

    private static String order(List<ClientGuarantee> clients) {
        double[] orders = clients.stream()
                .flatMapToDouble(client -> client.order().stream())
                .toArray();
        return orders.length == 0 ? "" : ", R\u00e9nyi order " + range(DoubleStream.of(orders));
    }

    private static String schedule(String schedule) {
        return schedule.isEmpty() || schedule.equals("constant") ? "" : ", " + schedule;
    }

    private static <T> String range(List<T> of, ToDoubleFunction<T> value) {
        return range(of.stream().mapToDouble(value));
    }

    private static String range(DoubleStream values) {
        double[] all = values.sorted().toArray();
        String low = Figures.number(all[0]);
        String high = Figures.number(all[all.length - 1]);
        return low.equals(high) ? low : low + " to " + high;
    }

    private void fact(String name, String value) {
        page.open("div").element("dt", name).element("dd", value).close();
    }

    private void sentences(String title, List<String> sentences) {
        if (sentences.isEmpty()) {
            return;
        }
        page.open("div").element("h3", title).open("ul");
        sentences.forEach(sentence -> page.element("li", sentence));
        page.close().close();
    }
}
