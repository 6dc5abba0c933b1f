package dev.sotto.cli;

import dev.sotto.wire.v1.ListModelsRequest;
import dev.sotto.wire.v1.ModelDetail;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto model list. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description =
                "The models that a coordinator keeps: one a round of each session, where each came from, how well it does.",
        footer = {"", "Examples:", "  sotto model list", "  sotto model list --session s-1a2b3c --json"})
final class ModelListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private OperatorOptions operator;

    @Option(names = "--session", paramLabel = "SESSION", description = "Those of one session.")
    private String session = "";

    @Override
    public Integer call() {
        ListModelsRequest request =
                ListModelsRequest.newBuilder().setSession(session).build();
        return print(spec, operator, link -> request);
    }

    private static int print(
            CommandSpec spec, OperatorOptions operator, Function<OperatorLink, ListModelsRequest> what) {
        try (OperatorLink link = operator.connect()) {
            ListModelsRequest request = what.apply(link);
            List<ModelDetail> all =
                    link.ask(coordinator -> coordinator.listModels(request).getModelsList());
            var json = Answers.object();
            var list = json.putArray("models");
            all.forEach(model -> list.add(Answers.model(model)));
            StringBuilder text = new StringBuilder(row("model", "parent", "origin", "session", "round", "accuracy"));
            all.forEach(model -> text.append('\n')
                    .append(row(
                            Answers.hex(model.getSha256()),
                            Answers.brief(model.getParent()),
                            model.getOrigin(),
                            model.getSession().isEmpty() ? "-" : model.getSession(),
                            model.getRound() == 0 ? "-" : String.valueOf(model.getRound()),
                            model.hasAccuracy() ? Console.percent(model.getAccuracy()) : "-")));
            Console.of(spec)
                    .result(operator.json() ? json.toString() : all.isEmpty() ? "no models yet" : text.toString());
            return 0;
        }
    }

    private static String row(
            String model, String parent, String origin, String session, String round, String accuracy) {
        return String.format(
                Locale.ROOT, "%-64s %-12s %-7s %-14s %5s %9s", model, parent, origin, session, round, accuracy);
    }

    /** sotto model lineage. */
    @Command(
            name = "lineage",
            mixinStandardHelpOptions = true,
            description = "A model, the one that it was trained from, and so on back to the seed.",
            footer = {"", "Example:", "  sotto model lineage SHA-256"})
    static final class Lineage implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private OperatorOptions operator;

        @Parameters(paramLabel = "SHA-256", description = "The model, or the first 8 digits or more.")
        private String model;

        @Override
        public Integer call() {
            ModelDigest wanted = ModelDigest.of("SHA-256", model);
            return print(spec, operator, link -> ListModelsRequest.newBuilder()
                    .setLineageOf(wanted.in(link))
                    .build());
        }
    }
}
