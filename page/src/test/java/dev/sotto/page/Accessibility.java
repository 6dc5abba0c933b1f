package dev.sotto.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.List;

/** Whether a page can be read and used: measured in the browser, on what it draws. */
final class Accessibility {
    /** Contrast of every text that is seen with what lies behind it (WCAG 2.2, 1.4.3), as "ratio: text" where below 4.5. */
    private static final String CONTRAST = """
            () => {
              const parse = (text) => {
                const parts = text.match(/[\\d.]+/g).map(Number);
                return { r: parts[0], g: parts[1], b: parts[2], a: parts.length > 3 ? parts[3] : 1 };
              };
              const over = (top, under) => ({
                r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a),
                b: top.b * top.a + under.b * (1 - top.a), a: 1 });
              const light = (c) => {
                const part = (v) => { const s = v / 255; return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4; };
                return 0.2126 * part(c.r) + 0.7152 * part(c.g) + 0.0722 * part(c.b);
              };
              const behind = (element) => {
                const layers = [];
                for (let e = element; e; e = e.parentElement) {
                  const colour = parse(getComputedStyle(e).backgroundColor);
                  layers.push(colour);
                  if (colour.a === 1) break;
                }
                return layers.reverse().reduce((under, layer) => over(layer, under), { r: 255, g: 255, b: 255, a: 1 });
              };
              const found = [];
              let texts = 0;
              const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const element = node.parentElement;
                if (!node.data.trim() || !element.checkVisibility() || element.closest('.unseen, script')) continue;
                const style = getComputedStyle(element);
                const inDrawing = element instanceof SVGElement;
                const under = behind(element);
                const ink = over(parse(inDrawing ? style.fill : style.color), under);
                const [high, low] = [light(ink), light(under)].sort((a, b) => b - a);
                const ratio = (high + 0.05) / (low + 0.05);
                texts += 1;
                if (ratio < 4.5) found.push(ratio.toFixed(2) + ': ' + node.data.trim());
              }
              if (texts < 5) found.push('only ' + texts + ' texts were seen');
              return found;
            }
            """;

    /** What keeps people from finding their way by ear or keyboard. */
    private static final String STRUCTURE = """
            () => {
              const found = [];
              const name = (e) => {
                const by = (e.getAttribute('aria-labelledby') || '').split(' ').filter(Boolean)
                  .map((id) => document.getElementById(id)?.textContent || '').join(' ');
                const label = e.labels && e.labels.length ? [...e.labels].map((l) => l.textContent).join(' ') : '';
                return (by || e.getAttribute('aria-label') || label || (/^(BUTTON|A|SUMMARY)$/.test(e.tagName) ? e.textContent : ''))
                  .trim();
              };
              for (const e of document.querySelectorAll(
                  'input:not([type=hidden]), textarea, select, button, a[href], summary, progress, svg[role=img], [role=region], nav'))
                if (!name(e)) found.push('no name: ' + e.outerHTML.slice(0, 120));
              for (const e of document.querySelectorAll('[aria-describedby], [aria-labelledby]'))
                for (const id of ((e.getAttribute('aria-describedby') || '') + ' ' + (e.getAttribute('aria-labelledby') || ''))
                    .split(' ').filter(Boolean))
                  if (!document.getElementById(id)) found.push('leads nowhere: ' + id);
              const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
              ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => found.push('twice: ' + id));
              for (const one of ['main', 'h1', 'body > header', 'body > footer', 'nav'])
                if (document.querySelectorAll(one).length !== 1) found.push('not once: ' + one);
              let level = 0;
              for (const h of document.querySelectorAll('h1, h2, h3, h4')) {
                const own = Number(h.tagName[1]);
                if (own > level + 1) found.push('a level is left out before: ' + h.textContent);
                level = own;
              }
              for (const t of document.querySelectorAll('table'))
                if (!t.caption || !t.querySelector('th[scope=col]') || !t.querySelector('th[scope=row]'))
                  found.push('a table without caption or headings');
              if (document.documentElement.lang !== 'en' || !document.title) found.push('no language or title');
              if (document.querySelector('[tabindex]:not([tabindex="0"]):not([tabindex="-1"])')) found.push('an order of its own');
              return found;
            }
            """;

    /** What sticks out on the right. */
    private static final String TOO_WIDE = """
            () => document.documentElement.scrollWidth > window.innerWidth
              ? [...document.querySelectorAll('main *')].filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1
                  && !e.closest('.scroll')).map((e) => e.outerHTML.slice(0, 100)).concat('the page is too wide') : []
            """;

    private Accessibility() {}

    static void assertReadable(Page page) {
        for (String check : List.of(CONTRAST, STRUCTURE, TOO_WIDE)) {
            assertThat((List<?>) page.evaluate(check))
                    .as(page.url() + ", " + page.viewportSize().width + " wide")
                    .isEmpty();
        }
    }
}
