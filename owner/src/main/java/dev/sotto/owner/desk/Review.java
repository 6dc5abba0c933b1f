package dev.sotto.owner.desk;

import dev.sotto.experiment.ClientData;
import dev.sotto.experiment.SessionTerms;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.owner.AgreedTerms;
import java.util.Optional;

/**
 * What a session asks of this owner, worked out without agreeing to anything: as far as it could be, and why the owner would
 * refuse it now. Without a refusal all of it is there.
 *
 * @param read the package; empty if it is damaged or not the coordinator's
 * @param terms for the number of clients
 * @param data what would be trained on and held out; the number of examples stays here where it is private
 * @param agreed what would be done at this owner
 * @param refusal why not; empty if the owner may approve
 */
public record Review(
        Optional<SessionPackage> read,
        Optional<SessionTerms> terms,
        Optional<ClientData> data,
        Optional<AgreedTerms> agreed,
        Optional<RefusedOfferException> refusal) {}
