package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.PartitionSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How the data lay with the clients.
 *
 * @param dataSet what the data are called
 * @param origin where they came from, in words
 * @param testExamples central test examples; empty if there were none
 * @param classes names of the classes; empty if the target is no class, or class counts are withheld
 * @param clients in the order of the roster
 */
public record DataSplit(
        String dataSet, String origin, OptionalInt testExamples, List<String> classes, List<Share> clients) {

    /**
     * One client's data in numbers.
     *
     * @param examples training examples; empty if withheld
     * @param classCounts training examples in each class; empty if there are no classes or they are withheld
     */
    public record Share(String client, OptionalInt examples, List<Integer> classCounts) {
        public Share {
            classCounts = List.copyOf(classCounts);
        }
    }

    public DataSplit {
        classes = List.copyOf(classes);
        clients = List.copyOf(clients);
    }

    /**
     * The split of a partition.
     *
     * @param ids the clients' names, in the order of the partition
     */
    public static DataSplit of(
            String dataSet, String origin, OptionalInt testExamples, List<String> ids, PartitionSummary partition) {
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            OptionalInt examples = OptionalInt.of(partition.sizes().get(i));
            shares.add(new Share(ids.get(i), examples, partition.classCounts().get(i)));
        }
        return new DataSplit(dataSet, origin, testExamples, partition.classNames(), shares);
    }

    /** What of it may be stated. */
    DataSplit disclosed(Disclosure disclosure) {
        List<Share> shares = clients.stream()
                .map(share -> new Share(
                        share.client(),
                        disclosure.exampleCounts() ? share.examples() : OptionalInt.empty(),
                        disclosure.classCounts() ? share.classCounts() : List.of()))
                .toList();
        return new DataSplit(dataSet, origin, testExamples, disclosure.classCounts() ? classes : List.of(), shares);
    }

    ObjectNode json() {
        ObjectNode node = Json.object().put("dataSet", dataSet).put("origin", origin);
        Json.put(node, "testExamples", testExamples);
        ArrayNode names = node.putArray("classes");
        classes.forEach(names::add);
        ArrayNode list = node.putArray("clients");
        for (Share share : clients) {
            ObjectNode client = list.addObject().put("id", share.client());
            Json.put(client, "examples", share.examples());
            ArrayNode counts = client.putArray("classCounts");
            share.classCounts().forEach(counts::add);
        }
        return node;
    }

    static DataSplit parse(JsonNode node) {
        List<String> classes = new ArrayList<>();
        node.path("classes").forEach(name -> classes.add(name.asText()));
        List<Share> shares = new ArrayList<>();
        for (JsonNode client : node.path("clients")) {
            List<Integer> counts = new ArrayList<>();
            client.path("classCounts").forEach(count -> counts.add(count.asInt()));
            shares.add(new Share(client.path("id").asText(), Json.integer(client, "examples"), counts));
        }
        return new DataSplit(
                node.path("dataSet").asText(),
                node.path("origin").asText(),
                Json.integer(node, "testExamples"),
                classes,
                shares);
    }
}
