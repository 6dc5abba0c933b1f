package dev.sotto.cli;

import dev.sotto.owner.Owner;
import dev.sotto.owner.request.Request;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** One request of an owner, which most commands are about. */
final class RequestChoice {
    @Mixin
    private RequestHome home;

    @Parameters(paramLabel = "REQUEST", description = "Its id, or the beginning of it.")
    private String id;

    boolean json() {
        return home.json();
    }

    /** Opens the folder that it is in. */
    Owner open() {
        return home.open();
    }

    /** The request. */
    Request in(Owner owner) {
        return RequestHome.find(owner, id);
    }
}
