package dev.sotto.experiment.attack;

import dev.sotto.federation.ClientTrainer;

/** What a malicious client does in place of honest training. */
public sealed interface Attack permits SignFlip, Scaling, LabelFlip {
    /** The name in experiment files. */
    String kind();

    /** Training code that attacks with what honest training code makes. */
    ClientTrainer corrupting(ClientTrainer honest);
}
