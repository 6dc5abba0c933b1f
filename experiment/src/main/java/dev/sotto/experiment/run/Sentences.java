package dev.sotto.experiment.run;

import dev.sotto.federation.ExamplePrivacy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * What a run's guarantees rest on and do not cover: the sentences of each level, those they share once.
 *
 * @param examples example-level privacy as it was asked for
 * @param clients client-level privacy as it was done
 * @param metrics whether clients' accuracy is released through noise
 * @param standardTraining whether clients train with Sotto's own code
 * @param seeded whether all randomness came from a seed
 */
record Sentences(
        Optional<ExamplePrivacy> examples,
        Optional<ClientLevelGuarantee> clients,
        boolean metrics,
        boolean standardTraining,
        boolean seeded) {

    List<String> assumptions() {
        LinkedHashSet<String> all = new LinkedHashSet<>();
        clients.ifPresent(own -> all.addAll(ClientLevelWording.assumptions(own)));
        examples.ifPresent(own -> all.addAll(
                clients.isPresent()
                        ? Wording.assumptionsInsideClients(own, standardTraining)
                        : Wording.assumptions(own, standardTraining)));
        if (metrics) {
            all.add(Wording.METRICS);
        }
        all.add(Wording.randomness(seeded));
        return new ArrayList<>(all);
    }

    List<String> notCovered() {
        return clients.isPresent() ? ClientLevelWording.notCovered(seeded) : Wording.notCovered(seeded);
    }
}
