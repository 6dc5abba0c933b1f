package dev.sotto.experiment;

import dev.sotto.data.Examples;
import java.util.Optional;

/**
 * One client's data.
 *
 * @param id the client
 * @param examples what it trains on
 * @param heldOut what it only evaluates on
 */
public record ClientData(String id, Examples examples, Optional<Examples> heldOut) {}
