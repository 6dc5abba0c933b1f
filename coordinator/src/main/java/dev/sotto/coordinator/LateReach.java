package dev.sotto.coordinator;

import dev.sotto.coordinator.session.Reach;
import dev.sotto.federation.Fleet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The network, for those that are made before it: it serves them, and they need it. */
final class LateReach implements Reach {
    private volatile Optional<Reach> network = Optional.empty();

    void is(Reach bound) {
        network = Optional.of(bound);
    }

    private Reach bound() {
        return network.orElseThrow(() -> new IllegalStateException("the coordinator's port is not open yet"));
    }

    @Override
    public List<Acceptance> gather(Offer offer, int wanted, int least, Duration timeout, Consumer<Answered> heard)
            throws InterruptedException {
        return bound().gather(offer, wanted, least, timeout, heard);
    }

    @Override
    public List<Acceptance> gatherAgain(Offer offer, int wanted, Duration timeout, Consumer<Answered> heard)
            throws InterruptedException {
        return bound().gatherAgain(offer, wanted, timeout, heard);
    }

    @Override
    public Fleet fleet(Offer offer, List<Acceptance> roster, RoundRules rules) {
        return bound().fleet(offer, roster, rules);
    }

    @Override
    public void over(String session, String ending) {
        bound().over(session, ending);
    }

    @Override
    public Set<String> connected() {
        return network.map(Reach::connected).orElse(Set.of());
    }
}
