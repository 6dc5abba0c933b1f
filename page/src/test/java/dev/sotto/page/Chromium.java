package dev.sotto.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The system's Chromium, which can reach nothing but this machine; keeps what pages asked for and complained of. */
final class Chromium implements AutoCloseable {
    private static final Path SHOTS = Path.of("target", "screenshots");
    private static final String BROWSER = "/usr/bin/chromium";
    private static final int HEIGHT = 900;

    private final Playwright playwright;
    private final Browser browser;
    private final List<String> asked = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    Chromium() {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of(BROWSER))
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-background-networking",
                                "--disable-component-update",
                                // Should anything try to leave, it gets nowhere, and fails the test as a failed
                                // request.
                                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1")));
    }

    /** A window of that width; its visit is shared with windows that get the same cookies. */
    Page window(int width, ColorScheme colours, List<Cookie> cookies, boolean scripts) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(width, HEIGHT)
                .setColorScheme(colours)
                .setJavaScriptEnabled(scripts)
                .setLocale("en-GB"));
        context.addCookies(cookies);
        context.onRequest(request -> asked.add(request.url()));
        context.onRequestFailed(request -> {
            if (!leftBehind(request)) {
                complaints.add("failed: " + request.url() + " " + request.failure());
            }
        });
        context.onConsoleMessage(message -> complaints.add(message.type() + ": " + message.text()));
        context.onWebError(error -> complaints.add("error: " + error.error()));
        return context.newPage();
    }

    /** Whether a script was waiting for it when its page was left, as the page that keeps itself up to date does. */
    private static boolean leftBehind(Request request) {
        return request.resourceType().equals("fetch") && request.failure().equals("net::ERR_ABORTED");
    }

    /** Nothing was asked of any other place, and nothing was complained of. */
    void assertQuiet(String origin) {
        assertThat(asked).allSatisfy(url -> assertThat(url).startsWith(origin));
        assertThat(complaints).isEmpty();
    }

    /** Begins anew with what was asked for and complained of. */
    void forget() {
        asked.clear();
        complaints.clear();
    }

    /** A form that is refused is an error to the browser too: takes back what it said of it. */
    void expectRefusedForm() {
        assertThat(complaints.remove("error: Failed to load resource: the server responded with a status of 422"
                        + " (Unprocessable Entity)"))
                .isTrue();
    }

    /** Keeps what a page looks like, whole. */
    static void shoot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(SHOTS.resolve(name + ".png")));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
