package dev.sotto.experiment.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.experiment.run.RecordedRun;
import dev.sotto.experiment.run.ToyRun;
import dev.sotto.federation.ExamplePrivacy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser: the system's Chromium, without a window. */
@Tag("system")
class BrowserTest {
    private static final Path SHOTS = Path.of("target", "report");

    @TempDir
    private Path temporary;

    @Test
    void drawsEveryPlotAndAsksNobodyForAnything() throws Exception {
        RecordedRun run = Runs.secret("mnist, ten clients", 10, 40);
        Path page = Files.writeString(temporary.resolve("report.html"), Report.html(run));
        Path netLog = temporary.resolve("net.json");

        String dom = browse(page, List.of("--dump-dom", "--log-net-log=" + netLog));

        assertThat(Pattern.compile("<canvas").matcher(dom).results().count()).isEqualTo(4);
        // The legends tell of the last round: the script ran to its end.
        assertThat(dom).contains("<td class=\"u-value\">40</td>");
        assertThat(requestsOf(netLog)).isEmpty();
    }

    @Test
    void theCheckForRequestsSeesOne() throws Exception {
        String fetching = "<!doctype html><img src=\"http://127.0.0.1:9/picture\">";
        Path page = Files.writeString(temporary.resolve("fetching.html"), fetching);
        Path netLog = temporary.resolve("net.json");
        browse(page, List.of("--dump-dom", "--log-net-log=" + netLog));
        assertThat(requestsOf(netLog)).isNotEmpty();
    }

    @Test
    void hostileNamesRunNothing() throws Exception {
        String name = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">";
        Path page = Files.writeString(temporary.resolve("report.html"), Report.html(Runs.open(name, 3, 4)));
        String dom = browse(page, List.of("--dump-dom"));
        assertThat(dom).doesNotContain("<title>owned</title>").contains("<canvas");
    }

    @Test
    void leavesPicturesToLookAt() throws Exception {
        Files.createDirectories(SHOTS);
        picture("private-light", Runs.secret("mnist, ten clients", 10, 40), true, 1280);
        picture("private-dark", Runs.secret("mnist, ten clients", 10, 40), false, 1280);
        picture("open", Runs.open("mnist, unequal clients", 12, 40), true, 1280);
        picture("clients", wards("clients", Optional.empty()), true, 1280);
        picture("both-dark", wards("both", Optional.of(ExamplePrivacy.calibrated(3, 1e-3, 1))), false, 1280);
        picture("clients-narrow", wards("narrow", Optional.empty()), true, 500);
        picture("many-narrow", Runs.secret("fifty clients", 50, 40), true, 500);
    }

    private RecordedRun wards(String name, Optional<ExamplePrivacy> examples) {
        return new ToyRun(examples, OptionalLong.empty(), 20)
                .ofWards(ToyRun.protecting(Optional.of(4.0), Optional.empty(), true))
                .into(temporary.resolve(name + "-run"))
                .directory()
                .read();
    }

    private void picture(String name, RecordedRun run, boolean light, int width) throws Exception {
        Path page = Files.writeString(temporary.resolve(name + ".html"), Report.html(run));
        Path shot = SHOTS.resolve(name + ".png").toAbsolutePath();
        browse(
                page,
                List.of(
                        "--screenshot=" + shot,
                        "--window-size=" + width + ",3200",
                        "--blink-settings=preferredColorScheme=" + (light ? 1 : 0)));
        assertThat(shot).isNotEmptyFile();
    }

    private String browse(Path page, List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                "--user-data-dir=" + temporary.resolve("profile"),
                "--virtual-time-budget=3000"));
        command.addAll(options);
        command.add(page.toUri().toString());
        Path out = temporary.resolve("out");
        Process browser = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(temporary.resolve("err").toFile())
                .start();
        assertThat(browser.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(browser.exitValue()).isZero();
        return Files.readString(out);
    }

    /** Origins that asked for something over the network; the browser's own errands have none. */
    private static List<String> requestsOf(Path netLog) throws IOException {
        return Pattern.compile("\"initiator\":\"([^\"]*)\"")
                .matcher(Files.readString(netLog))
                .results()
                .map(found -> found.group(1))
                .filter(initiator -> !initiator.equals("not an origin"))
                .toList();
    }
}
