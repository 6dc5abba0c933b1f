package dev.sotto.owner;

import dev.sotto.federation.RoundTask;
import dev.sotto.federation.clientlevel.ClientLevelPlan;
import dev.sotto.federation.clientlevel.UpdateBound;
import dev.sotto.federation.clientlevel.UpdateRelease;
import java.util.List;
import java.util.Optional;

/**
 * Holds what a coordinator asks a client to bound and noise by against the plan that the owner agreed to, so that it cannot ask
 * one client for less. It is still trusted with numbers of clients: each adds a share of noise that is enough only together with
 * as many others as the plan says, and nobody here sees how many there are, see {@link AgreedTerms#assumption}.
 */
final class ReleaseRule {
    /** Figures pass through text and other orders of operations. */
    private static final double SLACK = 1e-9;

    private ReleaseRule() {}

    /** Why a task does not protect as was agreed; empty if it does. */
    static Optional<String> broken(RoundTask task, Optional<ClientLevelPlan> plan) {
        boolean own = plan.map(agreed -> agreed.asked().noise().atClients()).orElse(false);
        if (task.release().isPresent() != own) {
            return Optional.of(
                    own
                            ? "the task says nothing of the noise that clients add under this session's plan"
                            : "the task has clients add noise, which is not this session's plan");
        }
        return task.release().flatMap(release -> weaker(release, plan.orElseThrow(), width(task)));
    }

    private static int width(RoundTask task) {
        return task.method().width(task.parameters().length);
    }

    private static Optional<String> weaker(UpdateRelease release, ClientLevelPlan plan, int width) {
        List<UpdateBound.Part> parts = release.bound().parts();
        int at = 0;
        double squares = 0;
        for (UpdateBound.Part part : parts) {
            if (part.from() != at || part.to() <= at) {
                return Optional.of("the parts that the task bounds do not cover the update");
            }
            at = part.to();
            squares += part.norm() * part.norm();
        }
        if (at != width) {
            return Optional.of("the task bounds " + at + " values of an update of " + width);
        }
        double norm = Math.sqrt(squares);
        if (!(release.standardDeviation() >= plan.shareStddev(norm) * (1 - SLACK))) {
            return Optional.of("the task asks for noise of " + release.standardDeviation() + ", and the plan for "
                    + plan.shareStddev(norm));
        }
        double count = plan.countStddev().isPresent()
                ? plan.noiseStddev(norm) / plan.countStddev().getAsDouble() / 2
                : 0;
        if (!(release.countValue() <= count * (1 + SLACK))) {
            return Optional.of("the task counts by " + release.countValue() + ", and the plan by " + count);
        }
        return release.maxWeight() == plan.asked().maxWeight().orElse(0)
                ? Optional.empty()
                : Optional.of("the task caps weights at " + release.maxWeight() + ", which is not the plan");
    }
}
