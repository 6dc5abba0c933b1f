package dev.sotto.experiment;

import dev.sotto.data.DataSource;
import dev.sotto.data.Holdout;
import dev.sotto.data.jdbc.JdbcLimits;
import dev.sotto.data.jdbc.JdbcSource;
import dev.sotto.data.jdbc.Login;
import dev.sotto.formats.config.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Reads the keys of a database source. Passwords have no place in a file of settings: only where they lie is read. */
final class JdbcReader {
    private static final Pattern SECRET = Pattern.compile("(?i)[?&;]\\w*(password|pwd)\\w*=|//[^/@?]*:[^/@?]*@");
    private static final String ADVICE = "a password does not belong into this file; name an environment variable that "
            + "holds it (password-env), or a file (password-file)";

    private JdbcReader() {}

    static DataSource read(Section data, String name, Holdout holdout, UnaryOperator<String> environment) {
        if (data.keys().contains("password")) {
            throw data.error("password", ADVICE);
        }
        String url = data.text("url");
        if (!url.startsWith("jdbc:")) {
            throw data.error(
                    "url", "it must begin with jdbc:, such as jdbc:postgresql://host/database or jdbc:sqlite:FILE");
        }
        if (SECRET.matcher(url).find()) {
            throw data.error("url", ADVICE);
        }
        JdbcLimits usual = JdbcLimits.standard();
        int most = Integer.MAX_VALUE;
        return new JdbcSource(
                name,
                data.place(),
                url,
                login(data),
                data.text("query"),
                TableReader.schema(data),
                new LinkedHashSet<>(data.texts("missing")),
                new JdbcLimits(
                        data.integer("row-limit", usual.rows(), 1, most),
                        Duration.ofSeconds(
                                data.integer("timeout", (int) usual.timeout().toSeconds(), 1, 1_000_000)),
                        data.integer("fetch-size", usual.fetchSize(), 1, 1_000_000)),
                holdout,
                environment);
    }

    private static Login login(Section data) {
        try {
            return new Login(
                    Optional.ofNullable(data.text("user", null)),
                    Optional.ofNullable(data.text("password-env", null)),
                    Optional.ofNullable(data.text("password-file", null)).map(Path::of));
        } catch (IllegalArgumentException e) {
            throw data.error(e);
        }
    }
}
