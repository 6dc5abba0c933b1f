package dev.sotto.federation;

import dev.sotto.federation.clientlevel.BoundedSum;

/** The aggregate of a round under client-level privacy: updates of this round and of the right length, bounded and summed. */
final class BoundedAggregate implements Aggregate {
    private final BoundedSum sum;
    private final int round;

    BoundedAggregate(BoundedSum sum, int round) {
        this.sum = sum;
        this.round = round;
    }

    @Override
    public BoundedAggregate fresh() {
        return new BoundedAggregate(sum.fresh(), round);
    }

    @Override
    public void add(ClientUpdate update) {
        RefusedUpdateException.requireRound(update, round);
        RefusedUpdateException.requireWidth(update, sum.width());
        sum.add(update.delta(), update.examples());
    }

    @Override
    public void merge(Aggregate other) {
        sum.merge(((BoundedAggregate) other).sum);
    }

    @Override
    public int updates() {
        return sum.updates();
    }

    BoundedSum sum() {
        return sum;
    }
}
