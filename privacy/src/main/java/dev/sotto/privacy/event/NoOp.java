package dev.sotto.privacy.event;

/** Nothing was done to the data: costs nothing. */
public record NoOp() implements DpEvent {
    @Override
    public java.util.Optional<dev.sotto.privacy.NeighbouringRelation> neighbours() {
        return java.util.Optional.empty();
    }
}
