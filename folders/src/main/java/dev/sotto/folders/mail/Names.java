package dev.sotto.folders.mail;

import dev.sotto.folders.Datasite;
import dev.sotto.folders.Email;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.KeyCard;

/** What files and folders of projects are called, and what letters are of what kind. */
public final class Names {
    /** Folders of an owner's role. */
    public static final String CLIENT = "fl_client";

    /** Folders of an aggregator's role. */
    public static final String AGGREGATOR = "fl_aggregator";

    public static final String LAUNCH = "launch";
    public static final String REQUEST = "request";
    public static final String RUNNING = "running";
    public static final String DONE = "done";
    public static final String CLIENTS = "fl_clients";
    public static final String AGGREGATES = "agg_weights";
    public static final String TRAINED = "round_weights";
    public static final String LOGS = "logs";
    public static final String STATE = "state";

    /** A letter of the aggregator: what is asked. */
    public static final String OFFER = "offer";

    /** A letter of the aggregator: how it ended. */
    public static final String OVER = "over";

    /** A letter of the aggregator: the last model. */
    public static final String RESULT = "result";

    /** A letter of the aggregator: train this model. */
    public static final String TASK = "task";

    /** A letter of the aggregator: evaluate this model. */
    public static final String EVALUATE = "evaluate";

    /** A letter of an owner: whether it takes part, and how it stands. */
    public static final String ANSWER = "answer";

    /** A letter of an owner: what it trained. */
    public static final String UPDATE = "update";

    /** A letter of an owner: what it found. */
    public static final String EVALUATION = "evaluation";

    /** A letter of an owner: why it does not do a task. */
    public static final String REFUSAL = "refusal";

    /** A letter of an owner: it knows that the project is over. */
    public static final String HEARD = "heard";

    public static final String HEARD_FILE = "heard.sealed";
    public static final String PACKAGE_FILE = "package.sotto";
    public static final String ANSWER_FILE = "answer.sealed";

    private Names() {}

    /** The file of a model after a round, 0 for the first. */
    public static String model(int after) {
        return "agg_model_round_" + after;
    }

    /** The file of a model to be evaluated. */
    public static String evaluated(int round) {
        return "eval_model_round_" + round;
    }

    /** The file of an owner's update. */
    public static String trained(int round) {
        return "trained_model_round_" + round;
    }

    /** The file of an owner's evaluation. */
    public static String evaluation(int round) {
        return "evaluation_round_" + round;
    }

    /** The file of an owner's refusal. */
    public static String refused(int round) {
        return "refused_round_" + round;
    }

    /**
     * The file of an offer. Several aggregators may call their projects the same, and none may be able to write over another's.
     *
     * @param authority SHA-256 of the aggregator's signing key, in hexadecimal
     */
    public static String offer(String authority) {
        return "offer-" + authority.substring(0, 16) + ".sealed";
    }

    /** Whether a file may be an offer. */
    public static boolean isOffer(String name) {
        return name.matches("offer-[0-9a-f]{16}\\.sealed");
    }

    /** The file that says that it is over; likewise. */
    public static String over(String authority) {
        return "over-" + authority.substring(0, 16) + ".sealed";
    }

    /** Where what an owner is asked may lie: wherever the owner looks for it. */
    public static GuardedFolder[] request(Datasite datasite, KeyCard owner, String project) {
        return places(datasite, owner, project, REQUEST, RUNNING);
    }

    /** Where an owner hears that it is over. */
    public static GuardedFolder[] anywhere(Datasite datasite, KeyCard owner, String project) {
        return places(datasite, owner, project, REQUEST, RUNNING, DONE);
    }

    /** Where the models of a running project lie. */
    public static GuardedFolder models(Datasite datasite, KeyCard owner, String project) {
        return datasite.of(owner, CLIENT, RUNNING, project, AGGREGATES);
    }

    /** Where the last model may lie: the owner's folder may be moved when it is over. */
    public static GuardedFolder[] result(Datasite datasite, KeyCard owner, String project) {
        return new GuardedFolder[] {
            models(datasite, owner, project), datasite.of(owner, CLIENT, DONE, project, AGGREGATES)
        };
    }

    private static GuardedFolder[] places(Datasite datasite, KeyCard owner, String project, String... states) {
        GuardedFolder[] places = new GuardedFolder[states.length];
        for (int i = 0; i < places.length; i++) {
            places[i] = datasite.of(owner, CLIENT, states[i], project);
        }
        return places;
    }

    /** Where an owner's letters to an aggregator may lie. */
    public static GuardedFolder[] mailbox(Datasite datasite, KeyCard aggregator, String project, Email owner) {
        return new GuardedFolder[] {
            datasite.of(aggregator, AGGREGATOR, RUNNING, project, CLIENTS, owner.text()),
            datasite.of(aggregator, AGGREGATOR, DONE, project, CLIENTS, owner.text())
        };
    }
}
