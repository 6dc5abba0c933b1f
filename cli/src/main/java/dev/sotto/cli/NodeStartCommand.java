package dev.sotto.cli;

import dev.sotto.node.NodeAgent;
import dev.sotto.node.NodeHome;
import dev.sotto.node.Renewal;
import dev.sotto.node.Uplink;
import dev.sotto.node.link.CoordinatorLink;
import dev.sotto.node.link.LinkRefusedException;
import dev.sotto.owner.Owner;
import dev.sotto.owner.desk.OwnedExamples;
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

/** sotto node start. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = {
            "Run a node until it is told to stop. It dials its coordinator, and again whenever the connection breaks; sessions"
                    + " that it took part in before go on.",
            "Each round is booked in the ledger before data is touched; what it releases is kept, and a resend costs nothing."
        },
        footer = {
            "",
            "Examples:",
            "  sotto node start --data node.yaml",
            "  sotto node start --data node.yaml --settings client_settings.yaml",
            "  sotto node start --data node.yaml --home /var/lib/sotto --log json",
            "  sotto node start --data node.yaml --ui",
            "",
            "The least that node.yaml needs; docs/data-owners-node.md has every key:",
            "  data-set: scans-2026",
            "  data: {source: csv, path: /srv/scans, files: [2026.csv], columns: [...]}",
            "",
            "On SIGTERM and Ctrl-C it takes nothing new, gives a task that is on a minute to end,",
            "and leaves. Nothing that a coordinator asks for ends it."
        })
final class NodeStartCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private NodeInputs inputs;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "node",
            description = "The node's folder, where it joined; by default ${DEFAULT-VALUE}.")
    private Path home;

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
        NodeHome folder = new NodeHome(home);
        NodeHome.Enrolled enrolled = folder.enrolled();
        Optional<ClientSettings> settings = inputs.settings();
        OwnedExamples data = inputs.load();
        CountDownLatch left = new CountDownLatch(1);
        try (NodeHome.Alone alone = folder.alone();
                Owner owner = alone.owner();
                CoordinatorLink link = new CoordinatorLink(NodeLinks.of(folder, enrolled));
                Renewal renewal = new Renewal(alone, enrolled, link);
                NodeAgent agent = new NodeAgent(
                        data, enrolled.agent(), owner, folder.cache(), Uplink.over(link), settings, inputs.seed());
                PageOptions.Shown shown =
                        page.show(new OwnersPage.Subject(enrolled.agent().client(), owner, agent.activity(), home))) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(agent, link, left), "drain"));
            Console.of(spec)
                    .result("node " + enrolled.agent().client() + " offers data set "
                            + data.file().dataSet() + " to " + enrolled.agent().coordinator() + " at "
                            + enrolled.address()
                            + (inputs.seed().isPresent() ? ", drawn from a test seed: NOT PRIVATE" : ""));
            shown.address().ifPresent(address -> Console.of(spec).result("the owner's page: " + address));
            renewal.begin();
            try {
                link.run(agent);
            } catch (LinkRefusedException e) {
                agent.shutOut();
                throw e;
            }
            return 0;
        } finally {
            left.countDown();
        }
    }

    /** In the order in which they need each other: tasks that end want to be delivered, and then written down. */
    private static void drain(NodeAgent agent, CoordinatorLink link, CountDownLatch left) {
        agent.close();
        link.close();
        try {
            left.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
