package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.formats.config.ConfigException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What processes that stay say while they run: one line an event on standard error, for people or as JSON. */
final class Logs {
    /** Kept, so that its level is not collected with it. */
    private static final Logger QUIET = Logger.getLogger("io.grpc");

    private Logs() {}

    /**
     * Sets this process's log up.
     *
     * @param form text or json
     */
    static void install(String form) {
        Formatter formatter =
                switch (form) {
                    case "text" -> new Text();
                    case "json" -> new Json();
                    default -> throw new ConfigException("--log " + form + ": it must be text or json");
                };
        LogManager.getLogManager().reset();
        Handler handler = new ConsoleHandler();
        handler.setLevel(Level.ALL);
        handler.setFormatter(formatter);
        Logger root = Logger.getLogger("");
        root.addHandler(handler);
        root.setLevel(Level.INFO);
        // Broken connections of strangers are told, where they matter, by who refuses them.
        QUIET.setLevel(Level.SEVERE);
        Logger.getLogger("org.flywaydb").setLevel(Level.WARNING);
    }

    private static String time(LogRecord record) {
        return record.getInstant().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static String source(LogRecord record) {
        String name = record.getLoggerName();
        return name == null ? "sotto" : name.substring(name.lastIndexOf('.') + 1);
    }

    private static String stack(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** For people. */
    static final class Text extends Formatter {
        @Override
        public String format(LogRecord record) {
            String line = time(record) + " " + record.getLevel().getName().toLowerCase(Locale.ROOT) + " "
                    + formatMessage(record) + "\n";
            return record.getThrown() == null || record.getLevel().intValue() < Level.SEVERE.intValue()
                    ? line
                    : line + stack(record.getThrown());
        }
    }

    /** For machines. */
    static final class Json extends Formatter {
        @Override
        public String format(LogRecord record) {
            ObjectNode node = Answers.object()
                    .put("time", Instant.parse(time(record)).toString())
                    .put("level", record.getLevel().getName().toLowerCase(Locale.ROOT))
                    .put("source", source(record))
                    .put("thread", record.getLongThreadID())
                    .put("message", formatMessage(record));
            if (record.getThrown() != null) {
                node.put("error", record.getThrown().toString()).put("stack", stack(record.getThrown()));
            }
            return node + "\n";
        }
    }
}
