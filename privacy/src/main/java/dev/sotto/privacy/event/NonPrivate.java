package dev.sotto.privacy.event;

/** Something was released without protection: no finite epsilon bounds it. */
public record NonPrivate() implements DpEvent {
    @Override
    public java.util.Optional<dev.sotto.privacy.NeighbouringRelation> neighbours() {
        return java.util.Optional.empty();
    }
}
