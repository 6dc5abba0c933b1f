package dev.sotto.owner.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.SessionTerms;
import dev.sotto.owner.AgreedTerms;
import dev.sotto.owner.settings.ClientSettings;
import dev.sotto.privacy.Epsilon;
import java.util.Optional;

/**
 * What a request comes to here depends on, besides its package: noted when it arrived, so that the owner can look at it without
 * the data being read again.
 *
 * @param examples that would be trained on; it stays here
 * @param heldOut that would be kept for evaluation
 * @param settings of this client, in the words of {@link ClientSettings#words}; empty for none
 * @param most that the owner's policy lets a session spend on examples; empty for no limit
 */
public record RequestBasis(int examples, int heldOut, String settings, Optional<Epsilon> most) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The owner's settings, if there are any. */
    public Optional<ClientSettings> clientSettings() {
        if (settings.isEmpty()) {
            return Optional.empty();
        }
        try {
            ObjectNode tree = (ObjectNode) JSON.readTree(settings);
            if (!tree.has("epsilon")) {
                // A default that was filled in, and goes with epsilon.
                tree.remove("hardlimit");
            }
            return Optional.of(ClientSettings.read("settings", tree));
        } catch (JsonProcessingException e) {
            throw new RequestException("the settings noted with a request cannot be read: " + settings, e);
        }
    }

    /** What the session may do at this owner. */
    AgreedTerms agreed(Request request, SessionTerms terms) {
        return AgreedTerms.of(
                request.key(),
                request.client(),
                request.dataSet(),
                request.packageDigest(),
                request.clients(),
                terms,
                examples,
                clientSettings(),
                most);
    }
}
