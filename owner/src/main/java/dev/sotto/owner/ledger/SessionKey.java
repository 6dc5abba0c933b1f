package dev.sotto.owner.ledger;

/**
 * Which session of which coordinator. Two coordinators may give one id to two sessions.
 *
 * @param coordinator its id
 * @param session its id there
 */
public record SessionKey(String coordinator, String session) {
    @Override
    public String toString() {
        return "session " + session + " of " + coordinator;
    }
}
