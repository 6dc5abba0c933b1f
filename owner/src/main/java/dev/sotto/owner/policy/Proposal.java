package dev.sotto.owner.policy;

import java.util.OptionalDouble;

/**
 * A session that asks to use a data set.
 *
 * @param coordinator its id
 * @param authority SHA-256 of the key of the authority that vouches for it, in hexadecimal
 * @param protectsExamples whether noise at this client protects single examples
 * @param protectsClients whether noise on the sum protects whole clients
 * @param epsilon that the session may reach; empty if there is no bound
 * @param delta at which the session states its epsilon
 * @param clients that the session says it is planned for
 * @param examples that this client would train on
 */
public record Proposal(
        String coordinator,
        String authority,
        boolean protectsExamples,
        boolean protectsClients,
        OptionalDouble epsilon,
        double delta,
        int clients,
        int examples) {}
