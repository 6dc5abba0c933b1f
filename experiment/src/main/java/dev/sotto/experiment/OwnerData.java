package dev.sotto.experiment;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.DataSource;
import dev.sotto.data.Examples;
import dev.sotto.data.Partitioner;
import dev.sotto.data.partition.IidPartitioner;
import dev.sotto.data.partition.RangePartitioner;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The data of one owner, described with the keys of an experiment's section {@code data}: all that the source holds; or one of
 * several equal parts of it ({@code part}); or what one client of an experiment with the same keys would hold ({@code client}).
 *
 * @param source where examples come from
 * @param share which of them are the owner's; empty for all
 * @param validationFraction share that is held out of training in every session, if the owner says
 * @param testData whether it is nobody's: only then may a node be run with a seed
 * @param resolved the section with every default filled in; no password is in it
 */
public record OwnerData(
        DataSource source,
        Optional<Share> share,
        Optional<Double> validationFraction,
        boolean testData,
        ObjectNode resolved) {
    private static final Interval VALIDATION = new Interval(0, 0.9, false);
    private static final String SPLITS = "FEDN_NUM_DATA_SPLITS";
    private static final String PATH = "FEDN_DATA_PATH";

    /**
     * One share of a data set that is dealt out.
     *
     * @param reader deals it
     * @param client whose share it is: an id, or a number from 0
     */
    record Share(DataReader reader, String client) {}

    /** Reads the section with this process's environment. */
    public static OwnerData read(Section data) {
        return read(data, System::getenv);
    }

    /**
     * Reads the section. {@code FEDN_DATA_PATH} is where files are if the section has no {@code path};
     * {@code FEDN_NUM_DATA_SPLITS} is how many parts there are if {@code part} does not say.
     *
     * @param environment values of environment variables by name, null where there is none
     * @throws dev.sotto.formats.config.ConfigException naming file, key and what would be valid
     */
    public static OwnerData read(Section data, UnaryOperator<String> environment) {
        long seed = data.wide("seed").orElse(1L);
        data.resolve("seed", JsonNodeFactory.instance.numberNode(seed));
        // All of it is the owner's: none is set aside for testing unless the owner says so.
        DataSource source =
                SourceReader.read(data, seed, true, Optional.ofNullable(environment.apply(PATH)), environment);
        Optional<Share> share = share(data, source, seed, environment);
        Optional<Double> validation = data.number("validation-fraction", VALIDATION);
        boolean test = data.flag("test-data", false);
        data.end();
        return new OwnerData(source, share, validation, test, data.resolved());
    }

    private static Optional<Share> share(
            Section data, DataSource source, long seed, UnaryOperator<String> environment) {
        boolean client = data.has("client");
        boolean dealt = data.has("partition") || data.has("clients");
        Optional<Integer> splits = splits(environment);
        if (data.has("part") || (splits.isPresent() && !client && !dealt)) {
            if (client || dealt) {
                throw data.error("part", "give part, or client with partition and clients, not both");
            }
            return Optional.of(part(data.section("part"), source, seed, splits));
        }
        if (!client && !dealt) {
            return Optional.empty();
        }
        if (!client) {
            throw data.error("client", "it is required with partition or clients: whose share this is, such as 0");
        }
        DataReader reader = new DataReader(
                source, PartitionReader.read(data), data.integer("clients", 1, DataReader.MOST_CLIENTS), seed);
        return Optional.of(new Share(reader, data.text("client")));
    }

    private static Share part(Section part, DataSource source, long seed, Optional<Integer> splits) {
        String kind = part.choice("kind", List.of("contiguous", "iid"), "contiguous");
        int of = part.integer("of", 1, DataReader.MOST_CLIENTS)
                .or(() -> splits)
                .orElseThrow(() -> part.error("of", "it is required: how many parts there are"));
        part.resolve("of", JsonNodeFactory.instance.numberNode(of));
        int index = part.integer("index", 0, of - 1)
                .orElseThrow(() -> part.error(
                        "index", "it is required: which of the " + of + " parts this is, from 0 to " + (of - 1)));
        part.end();
        Partitioner partitioner =
                kind.equals("iid") ? new IidPartitioner() : new RangePartitioner(Collections.nCopies(of, 1), true);
        return new Share(new DataReader(source, partitioner, Optional.of(of), seed), String.valueOf(index));
    }

    private static Optional<Integer> splits(UnaryOperator<String> environment) {
        String text = environment.apply(SPLITS);
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        return Section.root("environment", JsonNodeFactory.instance.objectNode().put(SPLITS, text))
                .integer(SPLITS, 1, DataReader.MOST_CLIENTS);
    }

    /**
     * Loads the owner's examples.
     *
     * @throws DataException with one line on what is wrong and what would be valid
     */
    public Loaded load(DataContext context) {
        DataSet dataSet = source.load(context);
        Examples all = dataSet.train();
        if (share.isEmpty()) {
            return new Loaded(dataSet, all, Optional.empty(), validationFraction);
        }
        DataReader.Dealt dealt = share.get().reader().deal(dataSet, 0);
        ClientData own = chosen(dealt.clients(), share.get().client());
        return new Loaded(dataSet, own.examples(), Optional.of(own.id()), validationFraction);
    }

    private static ClientData chosen(List<ClientData> clients, String wanted) {
        Optional<ClientData> named =
                clients.stream().filter(client -> client.id().equals(wanted)).findFirst();
        if (named.isPresent()) {
            return named.get();
        }
        if (wanted.matches("\\d{1,7}") && Integer.parseInt(wanted) < clients.size()) {
            return clients.get(Integer.parseInt(wanted));
        }
        throw new DataException("data.client: there is no client " + wanted + "; there are " + clients.size() + ", "
                + clients.get(0).id() + " to " + clients.get(clients.size() - 1).id());
    }

    /**
     * An owner's examples in memory.
     *
     * @param dataSet what they are from; its test examples, if it has any, are public
     * @param examples all that is the owner's
     * @param simulatedId what a simulation calls the client with this share, if it is a share
     * @param validationFraction share that the owner holds out
     */
    public record Loaded(
            DataSet dataSet, Examples examples, Optional<String> simulatedId, Optional<Double> validationFraction) {
        /**
         * What a client trains on and what it holds out: the last share, as in a simulation.
         *
         * @param id the client
         * @param otherwise share that is held out if the owner does not say: the session's
         * @throws DataException if nothing is left to train on
         */
        public ClientData client(String id, double otherwise) {
            int[] all = new int[examples.size()];
            Arrays.setAll(all, i -> i);
            return DataReader.client(id, examples, all, validationFraction.orElse(otherwise));
        }
    }
}
