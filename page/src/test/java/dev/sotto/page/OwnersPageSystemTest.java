package dev.sotto.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import dev.sotto.owner.desk.Activity;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page as its owner has it before them. Pictures of it are kept in {@code target/screenshots}. */
@Tag("system")
@Timeout(180)
@DisplayName("The owner's page in Chromium")
class OwnersPageSystemTest {
    private static final int WIDE = 1100;
    private static final int NARROW = 320;
    private static final int MOST_TABS = 40;
    /** Enough steps that a round can be watched. */
    private static final String LONG = TestOwner.TERMS
            .replace("batch-size: 20,", "batch-size: 20, epochs: 100000,")
            .replace("name: readmission", "name: a long one");

    private static Chromium chromium;

    @TempDir
    private Path home;

    private TestOwner owner;
    private Page page;

    @BeforeAll
    static void launch() {
        chromium = new Chromium();
    }

    @AfterAll
    static void quit() {
        chromium.close();
    }

    @BeforeEach
    void open() throws Exception {
        owner = new TestOwner(home);
        page = chromium.window(WIDE, ColorScheme.LIGHT, List.of(), true);
    }

    @AfterEach
    void close() throws Exception {
        try {
            page.context().close();
            chromium.assertQuiet("http://127.0.0.1:");
        } finally {
            chromium.forget();
            owner.close();
        }
    }

    private void enter() {
        page.navigate(owner.page().address());
        assertThat(page.title()).isEqualTo("Requests \u2013 Sotto");
        assertThat(page.url()).doesNotContain("token");
    }

    private void approve(Request request) {
        ApprovalLimits limits =
                new ApprovalLimits(3, Optional.empty(), Instant.now().plus(Duration.ofDays(30)));
        owner.owner().requests().approve(request, limits, owner.owner().key());
    }

    private Locator link(String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** Presses Tab until something of that name has the focus, which must be seen. */
    private void tabTo(String name) {
        for (int i = 0; i < MOST_TABS; i++) {
            page.keyboard().press("Tab");
            Locator focused = page.locator("*:focus");
            String outline = (String) focused.evaluate(
                    "e => getComputedStyle(e).outlineStyle + ' ' + getComputedStyle(e)" + ".outlineWidth");
            assertThat(outline)
                    .as("focus on " + focused.evaluate("e => e.outerHTML"))
                    .isEqualTo("solid 3px");
            String own = (String)
                    focused.evaluate("e => e.labels && e.labels.length ? e.labels[0].textContent : e.textContent");
            if (own.equals(name)) {
                return;
            }
        }
        throw new AssertionError("Tab never came to " + name);
    }

    @Test
    void isReadDecidedOnAndWatchedByKeyboardAlone() throws Exception {
        Request request = owner.ask("s-17", LONG);
        enter();
        page.keyboard().press("Tab");
        assertThat(page.locator("*:focus").textContent()).isEqualTo("Skip to the content");
        Chromium.shoot(page, "skip-link");
        tabTo("Session s-17 of network-1 asks to train on scans-2026");
        page.keyboard().press("Enter");
        page.waitForURL("**/requests/*");
        for (var part : owner.words(request).parts()) {
            PlaywrightAssertions.assertThat(page.getByRole(
                            AriaRole.HEADING,
                            new Page.GetByRoleOptions().setName(part.title()).setExact(true)))
                    .isVisible();
        }
        tabTo("Rounds");
        page.keyboard().type("2");
        tabTo("Approve");
        Chromium.shoot(page, "request");
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(page.locator(".done")).containsText("Approved.");
        Chromium.shoot(page, "approved");
        Decision.Approved approved = (Decision.Approved) owner.decision(request);
        assertThat(approved.approval().limits().rounds()).isEqualTo(2);

        tabTo("Requests");
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(page.locator("#activity")).hasText("Nothing trains at the moment.");
        watch(request);
    }

    /** Training goes on beside the page, which is never loaded anew. */
    private void watch(Request request) throws Exception {
        page.evaluate("window.same = true");
        CompletableFuture<Void> training = CompletableFuture.runAsync(() -> {
            try {
                owner.train(request, 1);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Locator progress = page.locator("#activity progress[value]");
        progress.waitFor();
        double first = number(progress);
        page.waitForCondition(() -> progress.count() == 0 || number(progress) > first);
        assertThat(page.locator("#said").textContent()).matches("Session s-17 of network-1: round 1 of 3 .+\\.");
        assertThat(progress.getAttribute("max")).isEqualTo("1500000");
        Chromium.shoot(page, "training");
        training.get(120, TimeUnit.SECONDS);
        PlaywrightAssertions.assertThat(page.locator("#activity"))
                .hasText(
                        Pattern.compile(
                                "Nothing trains at the moment. The last to end was round 1 of 3 of session s-17.*"),
                        new HasTextOptions().setTimeout(10_000));
        assertThat(page.locator("#said").textContent()).isEqualTo("Nothing trains at the moment.");
        assertThat(page.evaluate("window.same")).isEqualTo(true);
    }

    private static double number(Locator progress) {
        return Double.parseDouble(progress.getAttribute("value"));
    }

    @Test
    void takesARejectionWithAReasonAndARevocation() throws Exception {
        Request unwanted = owner.ask("s-18");
        Request wanted = owner.ask("s-17");
        approve(wanted);
        enter();
        link("Session s-18 of network-1 asks to train on scans-2026").click();
        Locator reject = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Reject"));
        reject.click();
        PlaywrightAssertions.assertThat(page.getByRole(AriaRole.ALERT)).containsText("Say why, in a line");
        chromium.expectRefusedForm();
        Chromium.shoot(page, "no-reason");
        page.getByRole(AriaRole.ALERT).getByRole(AriaRole.LINK).click();
        page.keyboard().type("not before the ethics board has met");
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(page.locator(".done")).containsText("Rejected.");
        assertThat(owner.decision(unwanted)).isEqualTo(new Decision.Rejected("not before the ethics board has met"));

        link("All requests").click();
        page.locator("section", new Page.LocatorOptions().setHasText("What you approved"))
                .locator("a")
                .click();
        page.getByLabel("Reason").fill("an audit is due");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Revoke"))
                .click();
        PlaywrightAssertions.assertThat(page.locator(".done")).containsText("Revoked.");
        assertThat(owner.decision(wanted)).isEqualTo(new Decision.Revoked("an audit is due"));
    }

    @Test
    void saysByItselfThatSomethingChanged() throws Exception {
        enter();
        Locator changed = page.locator("#changed");
        assertThat(changed.isVisible()).isFalse();
        owner.ask("s-17");
        changed.waitFor();
        Chromium.shoot(page, "changed");
        link("Show it as it is now").click();
        PlaywrightAssertions.assertThat(page.locator("main")).containsText("1 request waits");
    }

    @Test
    void isLeftWithoutComplaintWhileItAsksWhatChanged() {
        page.route("**/activity", unanswered -> {});
        page.waitForRequest("**/activity", this::enter);
        link("Ledger").click();
        page.waitForURL("**/ledger");
        assertThat(page.title()).isEqualTo("Ledger \u2013 Sotto");
    }

    @Test
    void isReadableOnEveryPageInBothSchemesAndAtEveryWidth() throws Exception {
        Request approved = owner.ask("s-17");
        approve(approved);
        owner.train(approved, 3);
        Request second = owner.ask("s-4", TestOwner.TERMS.replace("epsilon: 2", "epsilon: 1"));
        approve(second);
        owner.train(second, 2);
        owner.owner().requests().revoke(second, "an audit is due", owner.owner().key());
        owner.owner()
                .requests()
                .reject(owner.ask("s-9"), "not this year", owner.owner().key());
        String asked = "requests/" + owner.ask("s-21").id();
        enter();
        List<Cookie> cookies = page.context().cookies();
        String root = page.url();
        var work = owner.activity().begin(approved.key(), "scans-2026", Activity.Kind.TRAINING, 3, 3);
        work.step(9, 15);
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(WIDE, NARROW)) {
                Page other = chromium.window(width, colours, cookies, true);
                for (String within : List.of("", asked, "requests/" + approved.id(), "ledger", "decisions")) {
                    other.navigate(root + within);
                    if (within.equals("ledger")) {
                        other.locator("summary").click();
                    }
                    Accessibility.assertReadable(other);
                    String name = within.isEmpty()
                            ? "requests"
                            : within.equals(asked) ? "asked" : within.replaceFirst("/.*", "-approved");
                    Chromium.shoot(other, name + "-" + colours.name().toLowerCase(Locale.ROOT) + "-" + width);
                }
                other.context().close();
            }
        }
        work.close();
    }

    @Test
    void showsTheLedgerAsAPictureThatIsTold() throws Exception {
        Request request = owner.ask("s-17");
        approve(request);
        owner.train(request, 3);
        enter();
        link("Ledger").click();
        Locator picture = page.getByRole(AriaRole.IMG);
        PlaywrightAssertions.assertThat(picture).hasCount(1);
        assertThat(picture.getAttribute("aria-label"))
                .startsWith("Epsilon spent on scans-2026 over time. All together, as counted: ")
                .endsWith("Limit: 8.");
        // It is drawn with its colours, although no style may stand in the page.
        assertThat(page.locator("svg.spending:visible path.whole").evaluate("e => getComputedStyle(e).stroke"))
                .isEqualTo("rgb(11, 114, 133)");
        assertThat(picture.boundingBox().height).isGreaterThan(200);
        page.locator("summary").press("Enter");
        PlaywrightAssertions.assertThat(page.getByRole(AriaRole.ROW)).hasCount(1 + 3 + 1 + 1);
        Chromium.shoot(page, "ledger");
    }

    @Test
    void worksWithoutScripts() throws Exception {
        Request request = owner.ask("s-17");
        enter();
        Page plain = chromium.window(NARROW, ColorScheme.DARK, page.context().cookies(), false);
        plain.navigate(page.url());
        plain.getByText("asks to train on scans-2026").click();
        plain.getByLabel("Days").fill("7");
        plain.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Approve"))
                .click();
        PlaywrightAssertions.assertThat(plain.locator(".done")).containsText("Approved.");
        assertThat(owner.decision(request)).isInstanceOf(Decision.Approved.class);
        plain.context().close();
    }

    @Test
    void theChecksSeeWhatTheyAreFor() {
        enter();
        page.evaluate("""
                () => {
                  const main = document.querySelector('main');
                  main.insertAdjacentHTML('beforeend', '<h4>Too deep</h4><input><p id="pale">pale</p><div class="long">long</div>');
                  document.getElementById('pale').style.color = 'rgb(140, 140, 140)';
                  document.querySelector('.long').style.width = '3000px';
                }
                """);
        assertThatThrownBy(() -> Accessibility.assertReadable(page)).hasMessageContaining("pale");
        page.evaluate("document.getElementById('pale').remove()");
        assertThatThrownBy(() -> Accessibility.assertReadable(page))
                .hasMessageContaining("no name: <input>")
                .hasMessageContaining("a level is left out before: Too deep");
        page.evaluate("document.querySelectorAll('main input, main h4').forEach((e) => e.remove())");
        assertThatThrownBy(() -> Accessibility.assertReadable(page)).hasMessageContaining("the page is too wide");
        page.evaluate("document.querySelector('.long').remove()");
        Accessibility.assertReadable(page);
        // The page's own policy stops it before the browser's rules have to.
        page.evaluate("fetch('http://attacker.example/').catch(() => 0)");
        assertThatThrownBy(() -> chromium.assertQuiet("http://127.0.0.1:")).isInstanceOf(AssertionError.class);
        chromium.forget();
    }
}
