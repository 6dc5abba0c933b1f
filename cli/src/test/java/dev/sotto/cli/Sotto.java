package dev.sotto.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/**
 * The sotto command in this process, with what it said.
 *
 * @param status exit status
 * @param out standard output
 * @param err standard error
 */
record Sotto(int status, String out, String err) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Runs a command. */
    static Sotto run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return new Sotto(command.execute(arguments), out.toString(), err.toString());
    }

    /** The arguments that lay settings over an experiment. */
    static String[] with(List<String> arguments, String... settings) {
        List<String> all = new ArrayList<>(arguments);
        Arrays.stream(settings).forEach(setting -> all.addAll(List.of("--set", setting)));
        return all.toArray(String[]::new);
    }

    /** The lines of standard error that report a failure. */
    List<String> errors() {
        return err.lines().filter(line -> line.startsWith("sotto: ")).toList();
    }

    /** The last line of standard error. */
    String last() {
        return err.lines().reduce("", (earlier, later) -> later);
    }

    /** Standard output as one JSON object. */
    JsonNode json() {
        try {
            return JSON.readTree(out);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + out, e);
        }
    }
}
