package dev.sotto.experiment.report;

import dev.sotto.experiment.run.ClientGuarantee;
import dev.sotto.experiment.run.Mechanism;
import dev.sotto.experiment.run.PrivacyStatement;
import dev.sotto.experiment.run.RecordedRun;
import dev.sotto.experiment.run.UnitGuarantee;
import dev.sotto.privacy.PrivacyUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
            guarantees(statement);
        } else {
            page.element("p", "This run is without differential privacy: " + statement.overall() + ".");
        }
        List<String> assumptions = new ArrayList<>(statement.assumptions());
        statement.levels().stream().map(UnitGuarantee::arithmetic).distinct().forEach(assumptions::add);
        page.open("div", "class", "pair");
        sentences("What it rests on", assumptions);
        sentences(statement.accounted() ? "What it does not cover" : "What that leaves open", statement.notCovered());
        page.close();
        page.close();
    }

    /** One level in the width of the page; two side by side, the clients' first. */
    private void guarantees(PrivacyStatement statement) {
        Optional<UnitGuarantee> examples = statement.level(PrivacyUnit.EXAMPLE);
        Optional<UnitGuarantee> clients = statement.level(PrivacyUnit.CLIENT);
        boolean both = examples.isPresent() && clients.isPresent();
        if (both) {
            page.open("div", "class", "pair levels");
        }
        clients.ifPresent(level -> level(both, level, () -> new ClientLevelFacts(statement, page).write()));
        examples.ifPresent(level -> level(both, level, () -> examples(statement, level)));
        if (both) {
            page.close();
        }
    }

    private void level(boolean titled, UnitGuarantee level, Runnable content) {
        page.open("div");
        if (titled) {
            page.element("h3", "Each " + level.unit());
        }
        content.run();
        page.close();
    }

    private void examples(PrivacyStatement statement, UnitGuarantee level) {
        page.element(
                "p",
                Meaning.of(
                        level,
                        "There is a limit to how well somebody who sees every update and every model of the run, and knows all"
                                + " other examples, can tell whether any one example was there"));
        if (statement.clientLevel().isPresent() && level.epsilon().isPresent()) {
            new Audiences(level.delta(), page)
                    .begin(level.unit())
                    .row("Everybody, also the coordinator and the other clients", level.epsilon())
                    .end();
        }
        overshoot(statement);
        batchClipping(statement, level);
        mechanism(statement, level);
    }

    private void overshoot(PrivacyStatement statement) {
        List<ClientGuarantee> past =
                statement.clients().stream().filter(ClientGuarantee::pastLimit).toList();
        if (!past.isEmpty()) {
            page.notice(Figures.counted(past.size(), "client") + " went past the target of epsilon "
                    + range(past, client -> client.limit().orElseThrow())
                    + ": the limit was not a hard one, so all planned rounds ran.");
        }
    }

    private void batchClipping(PrivacyStatement statement, UnitGuarantee level) {
        OptionalDouble otherwise = statement.clients().stream()
                .flatMapToDouble(client -> client.perExampleEpsilon().stream())
                .max();
        if (otherwise.isPresent()) {
            page.notice(
                    "Clipping whole batches costs privacy: the same noise with each example's gradient clipped would have cost"
                            + " epsilon " + Figures.epsilon(otherwise) + " instead of "
                            + Figures.epsilon(level.epsilon()) + ".");
        }
    }

    private void mechanism(PrivacyStatement statement, UnitGuarantee level) {
        List<ClientGuarantee> clients = statement.clients();
        List<Mechanism> all = clients.stream().map(ClientGuarantee::mechanism).toList();
        page.open("dl", "class", "facts");
        page.fact("Unit", "one " + level.unit());
        page.fact("Neighbours", level.relation());
        level.accountant().ifPresent(name -> page.fact("Accountant", name + order(clients)));
        if (!all.isEmpty()) {
            training(clients, all);
        }
        page.close();
    }

    private void training(List<ClientGuarantee> clients, List<Mechanism> all) {
        Mechanism first = all.get(0);
        page.fact("Noise multiplier", range(all, Mechanism::noiseMultiplier) + schedule(first.noiseSchedule()));
        page.fact(
                "Clipping",
                first.clipping() + ", per " + first.clipPer() + ", norm " + range(all, Mechanism::clippingNorm)
                        + schedule(first.clippingSchedule()));
        page.fact("Sampling rate", range(all, Mechanism::samplingRate));
        page.fact("Batch", range(all, Mechanism::batchSize) + " expected");
        page.fact("Steps per client", range(clients, ClientGuarantee::steps) + planned(clients));
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

    private void sentences(String title, List<String> sentences) {
        if (sentences.isEmpty()) {
            return;
        }
        page.open("div").element("h3", title).open("ul");
        sentences.forEach(sentence -> page.element("li", sentence));
        page.close().close();
    }
}
