package dev.sotto.page;

import dev.sotto.experiment.ClientData;
import dev.sotto.owner.AgreedTerms;
import dev.sotto.owner.desk.OfferDesk;
import dev.sotto.owner.desk.RefusedOfferException;
import dev.sotto.owner.desk.Review;
import dev.sotto.owner.ledger.OwnerLedger;
import dev.sotto.owner.request.Asked;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestWords;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Reads requests as the desk does that decides on them, so that the page says what would happen.
 *
 * @param desk of one coordinator
 * @param coordinator its id
 * @param ledger that would be written
 */
public record DeskReader(OfferDesk desk, String coordinator, OwnerLedger ledger) implements Reading.Reader {
    @Override
    public Reading read(Request request) {
        if (!request.key().coordinator().equals(coordinator)) {
            return unread("it came from a coordinator that is no longer followed here");
        }
        Review review = desk.review(request);
        Optional<String> refusal = review.refusal().map(RefusedOfferException::getMessage);
        if (review.agreed().isEmpty()) {
            return unread(refusal.orElseThrow());
        }
        AgreedTerms agreed = review.agreed().get();
        ClientData data = review.data().orElseThrow();
        Asked asked = new Asked(
                review.read().orElseThrow(),
                review.terms().orElseThrow(),
                agreed,
                data.examples().size(),
                data.heldOut().map(own -> own.size()).orElse(0),
                ledger.foresee(request.key(), request.dataSet(), agreed.planned(), agreed.most()));
        return new Reading(Optional.of(RequestWords.of(asked)), asked.rounds(), asked.exampleEpsilon(), refusal);
    }

    private static Reading unread(String reason) {
        return new Reading(Optional.empty(), 0, OptionalDouble.empty(), Optional.of(reason));
    }
}
