package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.owner.Owner;
import dev.sotto.owner.request.Asked;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestWords;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** sotto request show. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = {
            "All of one request, in words: who asks, what would be computed on which data, what leaves and how often, what"
                    + " protects your records and what that means, and what your ledger would hold afterwards.",
            "It is worked out from the signed package itself, for your data. None of your records is read."
        },
        footer = {
            "",
            "Examples:",
            "  sotto request show 3f9a1c20",
            "  sotto request show 3f9a --json",
            "",
            "The id is in 'sotto request list'; its beginning is enough."
        })
final class RequestShowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RequestChoice choice;

    @Override
    public Integer call() {
        try (Owner owner = choice.open()) {
            Request request = choice.in(owner);
            Asked asked = Asked.of(owner, request);
            RequestWords words = RequestWords.of(owner, request, asked);
            if (choice.json()) {
                ObjectNode node = RequestText.json(owner, request);
                RequestText.asked(asked, node);
                WordsText.json(words.parts(), node.putArray("words"));
                Console.of(spec).result(node.toString());
            } else {
                Console.of(spec)
                        .result("request " + request.shortId() + ": "
                                + RequestText.state(owner, request)
                                + System.lineSeparator()
                                + System.lineSeparator()
                                + WordsText.text(words.parts()));
            }
            return 0;
        }
    }
}
