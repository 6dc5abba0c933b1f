package dev.sotto.cli;

import dev.sotto.data.DataContext;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.folders.Datasite;
import dev.sotto.folders.DatasiteService;
import dev.sotto.folders.LaunchReader;
import dev.sotto.folders.config.DatasiteFile;
import dev.sotto.folders.config.OfferedData;
import dev.sotto.folders.project.FlLaunchReader;
import dev.sotto.owner.settings.ClientSettings;
import dev.sotto.page.OwnersPage;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto datasite run. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Run a datasite until it is told to stop: take part in projects that its owner has approved, and run those that lie"
                    + " in launch/. It looks at folders and opens no port.",
            "All that it needs to go on is in its private tree: it may be killed and started again at any time."
        },
        footer = {
            "",
            "Examples:",
            "  sotto datasite run --data-dir ~/SyftBox",
            "  sotto datasite run --config datasite.yaml --log json",
            "  sotto datasite run --data-dir ~/SyftBox --ui",
            "",
            "A project waits in DIR/private/fl_client/request/ until you move its folder to",
            "running/ beside it, or say so: sotto request approve ID --home DIR."
        })
final class DatasiteRunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DatasiteOptions options;

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description =
                    "client_settings.yaml with FEDn's keys: your own epochs, epsilon and so on, in place of a project's.")
    private Path settings;

    @Option(
            names = {"-y", "--yes"},
            description = "For projects in launch/: take the one architecture that the weights alone tell.")
    private boolean yes;

    @Option(
            names = "--insecure-test-seed",
            paramLabel = "N",
            description =
                    "Draw everything from a seed, so that nothing is private; only for data marked test-data: true.")
    private Long seed;

    @Mixin
    private PageOptions page;

    @Option(
            names = "--log",
            paramLabel = "text|json",
            description = "What the log on standard error looks like; by default text.")
    private String log = "text";

    @Override
    public Integer call() throws Exception {
        Logs.install(log);
        page.check();
        DatasiteFile read = options.file();
        DatasiteFile file = seed == null ? read : read.seeded(seed);
        Datasite datasite = DatasiteOptions.open(file);
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        try (DatasiteService service = new DatasiteService(
                        datasite,
                        file.settings(),
                        launches(datasite, file),
                        new OfferedData(file),
                        clientSettings(),
                        DataContext.ofSystem());
                PageOptions.Shown shown = page.show(
                        new OwnersPage.Subject(
                                datasite.email().text(), service.owner(), service.activity(), datasite.home()),
                        options.port().or(file::port))) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(stop, left), "drain"));
            service.start();
            Console.of(spec).result(words(datasite, file));
            shown.address().ifPresent(address -> Console.of(spec).result("the owner's page: " + address));
            stop.await();
            return 0;
        } finally {
            left.countDown();
        }
    }

    private String words(Datasite datasite, DatasiteFile file) {
        return "datasite " + datasite.email() + " runs in " + datasite.data()
                + file.owner()
                        .map(owner -> " and offers data set " + owner.dataSet())
                        .orElse(" and offers no data")
                + (seed == null ? "" : ", drawn from a test seed: NOT PRIVATE");
    }

    private LaunchReader launches(Datasite datasite, DatasiteFile file) {
        return new FlLaunchReader(
                datasite.email(), file.rules(), datasite.privateTree().resolve("fl_aggregator"), yes);
    }

    private Optional<ClientSettings> clientSettings() {
        return Optional.ofNullable(settings).map(each -> {
            ExperimentFile yaml = ExperimentFile.read(each);
            return ClientSettings.read(yaml.name(), yaml.tree());
        });
    }

    /** Training that is on comes to its end, and is written down. */
    private static void drain(CountDownLatch stop, CountDownLatch left) {
        stop.countDown();
        try {
            left.await(70, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
