package dev.sotto.cli;

import dev.sotto.data.DataContext;
import java.util.Locale;

/** Downloads as they go: one line drawn over on a terminal, a line for each tenth elsewhere. */
final class DownloadProgress implements DataContext.Progress {
    private final Console console;
    private String file = "";
    private long shown;

    DownloadProgress(Console console) {
        this.console = console;
    }

    @Override
    public void update(String name, long bytes, long total) {
        if (!name.equals(file)) {
            file = name;
            shown = -1;
        }
        long steps = console.terminal() ? 100 : 10;
        long step = total > 0 ? bytes * steps / total : bytes >> 20;
        if (step == shown) {
            return;
        }
        shown = step;
        String text = String.format(
                Locale.ROOT,
                "downloading %s  %.1f MB%s",
                name,
                bytes / 1e6,
                total > 0 ? String.format(Locale.ROOT, " of %.1f MB", total / 1e6) : "");
        if (console.terminal() && bytes != total) {
            console.err().print("\r" + text);
            console.err().flush();
        } else {
            console.remark(console.terminal() ? "\r" + text : text);
        }
    }
}
