package dev.sotto.folders;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataContext;
import dev.sotto.experiment.ClientData;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.SessionTerms;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.StandardTrainer;
import dev.sotto.folders.ProjectStatus.Role;
import dev.sotto.folders.ProjectStatus.State;
import dev.sotto.folders.mail.Quarantine;
import dev.sotto.formats.Npz;
import dev.sotto.formats.Tensor;
import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.desk.OwnerFile;
import dev.sotto.owner.ledger.LedgerLine;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.settings.ClientSettings;
import dev.sotto.privacy.random.Randomness;
import dev.sotto.simulation.Simulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A datasite in a folder of its own, with its process, which can be killed and started again. */
final class Party implements AutoCloseable {
    static final long SEED = 7;
    static final String AGGREGATOR = "agg@network.org";

    /** Nothing that is waited for takes so long, but on a machine that is busy with much else. */
    private static final Duration LONG = Duration.ofMinutes(4);

    private final Datasite datasite;
    private final DatasiteSettings how;
    private final PrivateData data;
    private Optional<ClientSettings> settings = Optional.empty();
    private DatasiteService service;

    Party(Path folder, String email, DatasiteSettings how, Optional<String> node) throws IOException {
        this.datasite = Datasite.init(
                folder.resolve(email.substring(0, email.indexOf('@'))),
                Email.of(email),
                Optional.of(Files.createDirectories(folder.resolve("synced"))),
                Datasite.APP_DATA);
        this.how = how.polling(Duration.ofMillis(20));
        Path file = datasite.data().resolve("node.yaml");
        if (node.isPresent()) {
            Files.writeString(file, node.get());
        }
        this.data = () -> Files.exists(file) ? Optional.of(OwnedExamples.load(OwnerFile.read(file))) : Optional.empty();
    }

    static Party aggregator(Path folder, DatasiteSettings how) throws IOException {
        return new Party(folder, AGGREGATOR, how, Optional.empty());
    }

    /** An owner of a third of some generated rows. */
    static Party owner(Path folder, String email, int index, String policy, DatasiteSettings how) throws IOException {
        return new Party(folder, email, how, Optional.of(node(index, policy)));
    }

    static String node(int index, String policy) {
        return "data-set: rows-" + index
                + "\ntest-data: true\ndata: {source: generated, kind: classification, train: 300, test: 0, part: {of: 3,"
                + " index: " + index + "}}\npolicy: {" + policy + "}\n";
    }

    /** The same with the owner's own settings, in the words of a client_settings.yaml. */
    Party training(String words) throws IOException {
        settings = Optional.of(ClientSettings.read("client_settings.yaml", new ObjectMapper().readTree(words)));
        return this;
    }

    Party start() {
        service = new DatasiteService(datasite, how, Party::launch, data, settings, DataContext.ofSystem());
        service.start();
        return this;
    }

    /** What a launch folder of these tests holds: an experiment with a contract, and who takes part. */
    private static Launch launch(String project, Path folder) throws IOException {
        ExperimentFile file = ExperimentFile.read(folder.resolve("experiment.yaml"));
        List<Email> who = Files.readAllLines(folder.resolve("participants.txt")).stream()
                .map(Email::of)
                .toList();
        List<String> rules = Files.readAllLines(folder.resolve("rules.txt"));
        SessionDraft draft = SessionDraft.of(file, DataContext.ofSystem(), who.size());
        Optional<ObjectNode> tests = Files.exists(folder.resolve("test.yaml"))
                ? Optional.of(ExperimentFile.read(folder.resolve("test.yaml")).tree())
                : Optional.empty();
        return new Launch(
                project,
                who,
                draft,
                draft.initial(Randomness.seeded(SEED)),
                new LaunchRules(
                        Integer.parseInt(rules.get(0)), Duration.parse(rules.get(1)), Duration.parse(rules.get(2)), 0),
                tests,
                List.of(folder.resolve("experiment.yaml")));
    }

    /** Drops a project into the private {@code launch/}, all at once: what lies there is launched as soon as it looks whole. */
    void drop(String project, String experiment, int least, String gather, String round, String... who)
            throws IOException {
        Path prepared =
                Files.createDirectories(datasite.home().resolve("prepared").resolve(project));
        fill(prepared, experiment, least, gather, round, who);
        Path launch = datasite.privateTree().resolve("fl_aggregator/launch");
        Files.move(prepared, Files.createDirectories(launch).resolve(project), StandardCopyOption.ATOMIC_MOVE);
    }

    static void fill(Path folder, String experiment, int least, String gather, String round, String... who)
            throws IOException {
        Files.writeString(folder.resolve("experiment.yaml"), experiment);
        Files.write(folder.resolve("participants.txt"), Arrays.asList(who));
        Files.write(folder.resolve("rules.txt"), List.of(String.valueOf(least), gather, round));
        Files.writeString(
                folder.resolve("test.yaml"), "{source: generated, kind: classification, train: 300, test: 200}\n");
    }

    Datasite datasite() {
        return datasite;
    }

    DatasiteService service() {
        return service;
    }

    /** This datasite's folder in the synced tree. */
    Path synced(String... below) {
        Path path = datasite.synced().resolve(datasite.email().text()).resolve("app_data");
        for (String each : below) {
            path = path.resolve(each);
        }
        return path;
    }

    Optional<ProjectStatus> status(Role role, String project) {
        return ProjectStatus.all(datasite).stream()
                .filter(each -> each.role() == role && each.project().equals(project))
                .reduce((first, second) -> second);
    }

    boolean is(Role role, String project, State state) {
        return status(role, project).filter(each -> each.state() == state).isPresent();
    }

    void awaitDone(String project) {
        until(() -> status(Role.AGGREGATOR, project)
                .filter(each -> each.state() == State.DONE || each.state() == State.FAILED)
                .isPresent());
        assertThat(status(Role.AGGREGATOR, project).orElseThrow())
                .matches(each -> each.state() == State.DONE, "is done");
    }

    static void until(BooleanSupplier holds) {
        until(holds, LONG);
    }

    static void until(BooleanSupplier holds, Duration most) {
        long end = System.nanoTime() + most.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it does not come about");
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** The request that waits for the owner. */
    Request request(String project) {
        until(() -> found(project).isPresent());
        return found(project).orElseThrow();
    }

    private Optional<Request> found(String project) {
        return service.owner().requests().all().stream()
                .filter(each -> each.key().session().startsWith(project + "."))
                .findFirst();
    }

    /** Approves as people do who know the folders: by moving one, in the private tree. */
    void approveByMoving(String project) throws IOException {
        Path waiting = datasite.privateTree().resolve("fl_client/request").resolve(project);
        until(() -> Files.exists(waiting.resolve("request-id")));
        Files.move(waiting, datasite.privateTree().resolve("fl_client/running").resolve(project));
        Request request = request(project);
        until(() -> service.owner().requests().decision(request) instanceof Decision.Approved);
    }

    long reserved() {
        return service.owner().ledger().lines().stream()
                .filter(line -> line.kind() == LedgerLine.Kind.RESERVED)
                .count();
    }

    /** What was refused, in words. */
    List<String> refused() {
        return service.refused().stream()
                .map(line -> line.where() + ": " + line.why())
                .toList();
    }

    List<Quarantine.Line> quarantine() {
        return service.refused();
    }

    void awaitRefusal(String... words) {
        until(() -> refused().stream().anyMatch(line -> Stream.of(words).allMatch(line::contains)));
    }

    /** Private folders of the projects that were launched here. None of their files is looked at: they come and go. */
    List<Path> projects() throws IOException {
        try (Stream<Path> found = Files.list(datasite.home().resolve("projects"))) {
            return found.toList();
        }
    }

    private SessionPackage packageOf(String project) throws IOException {
        for (Path each : projects()) {
            if (each.getFileName().toString().startsWith(project + ".")) {
                return SessionPackage.open(each.resolve("package.sotto"));
            }
        }
        throw new AssertionError("there is no project " + project);
    }

    /** What a simulation with the same seed makes of the same project. */
    RunResult simulated(String project, List<Party> owners) throws IOException {
        SessionTerms terms = packageOf(project).terms(owners.size());
        List<ClientData> clients = owners.stream()
                .map(owner -> new ClientData(
                        owner.datasite().email().clientId(), owner.examples().examples(), Optional.empty()))
                .toList();
        return new Simulation(
                        terms.plan(),
                        terms.strategy(),
                        terms.engine(),
                        clients,
                        Optional.empty(),
                        List.of(),
                        new StandardTrainer(),
                        Randomness.seeded(SEED),
                        1)
                .run(new RunListener() {})
                .result();
    }

    /** What came of the project here. */
    float[] federated(String project) throws IOException {
        return values(datasite.privateTree()
                .resolve("fl_aggregator/done")
                .resolve(project)
                .resolve("model.npz"));
    }

    /** All values of a model file, in its order. */
    static float[] values(Path npz) throws IOException {
        List<Tensor> tensors = Npz.read(npz);
        float[] all =
                new float[tensors.stream().mapToInt(each -> each.data().length).sum()];
        int at = 0;
        for (Tensor tensor : tensors) {
            System.arraycopy(tensor.data(), 0, all, at, tensor.data().length);
            at += tensor.data().length;
        }
        return all;
    }

    OwnedExamples examples() {
        return data.load().orElseThrow();
    }

    /** As if the process had ended: nothing is finished, nothing is said. */
    void stop() {
        if (service != null) {
            service.close();
            service = null;
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** Several, closed together. */
    static final class All implements AutoCloseable {
        private final List<Party> parties = new ArrayList<>();

        Party add(Party party) {
            parties.add(party);
            return party;
        }

        @Override
        public void close() {
            parties.forEach(Party::close);
        }
    }
}
