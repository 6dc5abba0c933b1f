package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.sotto.experiment.run.Version;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.node.NodeHome;
import dev.sotto.node.link.CoordinatorLink;
import dev.sotto.node.link.LinkRefusedException;
import dev.sotto.wire.Address;
import dev.sotto.wire.proxy.ProxyRules;
import dev.sotto.wire.proxy.Route;
import dev.sotto.wire.tls.Pem;
import dev.sotto.wire.v1.ClientDetail;
import dev.sotto.wire.v1.ListClientsRequest;
import dev.sotto.wire.v1.StatusRequest;
import dev.sotto.wire.v1.StatusResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto doctor. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Look at this machine and at the coordinator: clock, certificate, reachability, proxy, disk, database, JVM.",
        footer = {
            "",
            "Examples:",
            "  sotto doctor",
            "  sotto doctor --home /var/lib/sotto/node",
            "  sotto doctor --address fed.example.org:7443",
            "  sotto doctor --coordinator /var/lib/sotto/coordinator/operator.yaml --json",
            "",
            "Exit status: 0 all is well, warnings included; 1 something is wrong."
        })
final class DoctorCommand implements Callable<Integer> {
    private static final Duration SKEW = Duration.ofSeconds(30);
    /** Certificates are renewed while a third or a quarter of their time is left: less than this, and it did not work. */
    private static final int SOON = 5;

    private static final Duration CLIENT_SOON = Duration.ofDays(30);
    private static final long LITTLE_DISK = 1L << 30;
    private static final long FEW_FILES = 4096;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OperatorOptions operator;

    @Option(
            names = "--address",
            paramLabel = "HOST:PORT",
            description = "Say how this address would be reached; without a coordinator's file.")
    private String address;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "node",
            description =
                    "A node's folder, to look at its certificate and, where there is no coordinator's file, at the"
                            + " way to its coordinator; by default ${DEFAULT-VALUE}.")
    private Path home;

    private final List<Finding> findings = new ArrayList<>();

    /** How well something is. */
    private enum Verdict {
        OK,
        WARNING,
        WRONG
    }

    private record Finding(String what, Verdict verdict, String text) {}

    @Override
    public Integer call() {
        findings.clear();
        jvm();
        disk();
        node();
        if (address != null) {
            proxy(Address.parse(address));
        } else if (Files.exists(operator.file())) {
            coordinator();
        } else if (new NodeHome(home).joined()) {
            nodesWay(new NodeHome(home));
        } else {
            add(
                    "coordinator",
                    Verdict.OK,
                    "no " + operator.file() + " here: nothing to ask (--coordinator FILE names one)");
        }
        Console.of(spec).result(operator.json() ? json() : text());
        return findings.stream().anyMatch(each -> each.verdict() == Verdict.WRONG) ? Failures.FAILED : 0;
    }

    private void add(String what, Verdict verdict, String text) {
        findings.add(new Finding(what, verdict, text));
    }

    private void jvm() {
        boolean vector = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        add(
                "jvm",
                vector ? Verdict.OK : Verdict.WARNING,
                "Java " + Runtime.version() + ", heap at most "
                        + (Runtime.getRuntime().maxMemory() >> 20) + " MiB"
                        + (vector
                                ? ", Vector API on"
                                : "; the Vector API is off, so training is several times slower: add --add-modules"
                                        + " jdk.incubator.vector"));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.UnixOperatingSystemMXBean unix) {
            long files = unix.getMaxFileDescriptorCount();
            add(
                    "open files",
                    files < FEW_FILES ? Verdict.WARNING : Verdict.OK,
                    files + " at most"
                            + (files < FEW_FILES
                                    ? "; a coordinator needs one for each node: raise it (ulimit -n, LimitNOFILE)"
                                    : ""));
        }
    }

    private void disk() {
        Path folder = Optional.ofNullable(operator.file().toAbsolutePath().getParent())
                .filter(Files::isDirectory)
                .orElse(Path.of("").toAbsolutePath());
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            add(
                    "disk",
                    free < LITTLE_DISK ? Verdict.WARNING : Verdict.OK,
                    (free >> 20) + " MiB free at " + folder
                            + (free < LITTLE_DISK ? "; models are kept for each round: make room" : ""));
        } catch (IOException e) {
            add("disk", Verdict.WRONG, folder + ": " + e.getMessage());
        }
    }

    private void node() {
        NodeHome node = new NodeHome(home);
        if (node.joined()) {
            try {
                NodeHome.Enrolled enrolled = node.enrolled();
                certificate(
                        "node " + enrolled.agent().client(),
                        enrolled.tls().certificate(),
                        "the node renews it by itself while it runs and reaches " + enrolled.address()
                                + "; by hand: sotto node renew",
                        "ask the coordinator's operator for a token, then: sotto node renew TOKEN");
            } catch (ConfigException e) {
                add("node", Verdict.WRONG, e.getMessage());
            }
        }
    }

    /** Where no coordinator's file is, as at a data owner's: whether the node reaches its own. */
    private void nodesWay(NodeHome node) {
        try {
            NodeHome.Enrolled enrolled = node.enrolled();
            proxy(enrolled.address());
            Instant before = Instant.now();
            try (CoordinatorLink link = new CoordinatorLink(NodeLinks.of(node, enrolled))) {
                link.reach();
                add(
                        "coordinator",
                        Verdict.OK,
                        enrolled.address() + " lets node " + enrolled.agent().client() + " in; it answered in "
                                + Duration.between(before, Instant.now()).toMillis() + " ms");
            } catch (LinkRefusedException e) {
                add(
                        "coordinator",
                        Verdict.WRONG,
                        enrolled.address() + " does not let node "
                                + enrolled.agent().client() + " in: " + e.getMessage());
            } catch (IOException e) {
                add("coordinator", Verdict.WRONG, enrolled.address() + " cannot be reached: " + e.getMessage());
            }
        } catch (ConfigException e) {
            // Said of the node already.
        }
    }

    private void proxy(Address where) {
        Route route = ProxyRules.of(System.getenv()).route(where.host(), where.port());
        add(
                "proxy",
                Verdict.OK,
                where + " is reached "
                        + route.proxy()
                                .map(proxy -> "through " + proxy.host() + ":" + proxy.port())
                                .orElse("directly")
                        + ": " + route.why());
    }

    private void coordinator() {
        OperatorLink.Where where;
        try {
            if (OperatorLink.Where.neverStarted(operator.file())) {
                add("coordinator", Verdict.WARNING, OperatorLink.Where.NEVER_STARTED);
                return;
            }
            where = OperatorLink.Where.read(operator.file());
        } catch (ConfigException e) {
            add("coordinator", Verdict.WRONG, e.getMessage());
            return;
        }
        proxy(where.address());
        certificate(
                "authority",
                where.authority(),
                "copy the coordinator's authority/certificate.pem here again; it is renewed there",
                "copy the coordinator's authority/certificate.pem here again");
        Path own = operator.file().toAbsolutePath().resolveSibling(Path.of("server", "chain.pem"));
        if (Files.isRegularFile(own)) {
            try {
                certificate(
                        "certificate",
                        Pem.certificates(own).get(0),
                        "the coordinator renews it by itself while it runs, and when it starts",
                        "start the coordinator again, which renews it");
            } catch (IOException e) {
                add("certificate", Verdict.WRONG, e.getMessage());
            }
        }
        Instant before = Instant.now();
        try (OperatorLink link = new OperatorLink(where)) {
            StatusResponse status = link.ask(coordinator -> coordinator.status(StatusRequest.getDefaultInstance()));
            Instant after = Instant.now();
            add(
                    "coordinator",
                    Verdict.OK,
                    where.address() + " answered in "
                            + Duration.between(before, after).toMillis() + " ms: " + status.getConnected()
                            + " nodes connected, " + status.getRunning() + " sessions running");
            clients(link.ask(coordinator -> coordinator
                    .listClients(ListClientsRequest.getDefaultInstance())
                    .getClientsList()));
            boolean same = status.getVersion().equals(Version.current());
            add(
                    "version",
                    same ? Verdict.OK : Verdict.WARNING,
                    same
                            ? status.getVersion()
                            : "the coordinator has " + status.getVersion() + ", this is " + Version.current());
            boolean database = status.getDatabase().startsWith("jdbc:");
            add("database", database ? Verdict.OK : Verdict.WRONG, status.getDatabase());
            clock(Duration.between(
                    before.plus(Duration.between(before, after).dividedBy(2)),
                    Instant.ofEpochMilli(status.getClockMillis())));
        } catch (IllegalArgumentException | IllegalStateException e) {
            add("coordinator", Verdict.WRONG, e.getMessage());
        }
    }

    private void clock(Duration ahead) {
        boolean fine = ahead.abs().compareTo(SKEW) <= 0;
        add(
                "clock",
                fine ? Verdict.OK : Verdict.WRONG,
                "the coordinator's is " + String.format(Locale.ROOT, "%.1f", Math.abs(ahead.toMillis()) / 1e3) + " s "
                        + (ahead.isNegative() ? "behind" : "ahead")
                        + (fine ? "" : "; certificates and tokens depend on it: synchronise both (NTP)"));
    }

    private void certificate(String what, X509Certificate certificate, String soon, String over) {
        Instant until = certificate.getNotAfter().toInstant();
        Duration left = Duration.between(Instant.now(), until);
        Duration whole = Duration.between(certificate.getNotBefore().toInstant(), until);
        Verdict verdict = left.isNegative()
                ? Verdict.WRONG
                : left.compareTo(whole.dividedBy(SOON)) < 0 ? Verdict.WARNING : Verdict.OK;
        add(
                what,
                verdict,
                "valid until " + until
                        + switch (verdict) {
                            case OK -> ", " + days(left);
                            case WARNING -> ", " + days(left) + ", which is little: " + soon;
                            case WRONG -> ", which is over: " + over;
                        });
    }

    private static String days(Duration left) {
        return left.toDays() == 1 ? "1 day left" : left.toDays() + " days left";
    }

    /** Clients whose nodes did not renew in time, while there is time to do something about it. */
    private void clients(List<ClientDetail> all) {
        Instant now = Instant.now();
        List<String> late = all.stream()
                .filter(client -> !client.getState().equals("revoked"))
                .filter(client -> client.getCertificateExpiresMillis()
                        < now.plus(CLIENT_SOON).toEpochMilli())
                .map(client -> client.getId() + " (" + Answers.time(client.getCertificateExpiresMillis()) + ")")
                .toList();
        add(
                "clients",
                late.isEmpty() ? Verdict.OK : Verdict.WARNING,
                late.isEmpty()
                        ? all.size() + ", none with a certificate that is over within " + CLIENT_SOON.toDays() + " days"
                        : "certificates that are over within " + CLIENT_SOON.toDays() + " days, or are: "
                                + String.join(", ", late) + "; those nodes renew them once they run and connect");
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        findings.forEach(each -> text.append(text.isEmpty() ? "" : "\n")
                .append(String.format(
                        Locale.ROOT,
                        "%-8s %-12s %s",
                        each.verdict().name().toLowerCase(Locale.ROOT),
                        each.what(),
                        each.text())));
        return text.toString();
    }

    private String json() {
        var json = Answers.object();
        ArrayNode list = json.putArray("findings");
        findings.forEach(each -> list.addObject()
                .put("what", each.what())
                .put("verdict", each.verdict().name().toLowerCase(Locale.ROOT))
                .put("text", each.text()));
        return json.toString();
    }
}
