// The page of `--format html` in a real Chromium: `node report.mjs BINARY [FOLDER-FOR-PICTURES]`, with playwright-core
// installed beside this file and Chromium at CHROMIUM (default: /usr/bin/chromium). Leaves with 1 when something is wrong;
// where there is no Chromium, it says so and does nothing.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
if (!existsSync(executablePath)) {
  console.log(`skipped: no Chromium at ${executablePath}`);
  process.exit(0);
}

const [binary, pictures] = process.argv.slice(2).map((file) => path.resolve(file));
const folder = mkdtempSync(path.join(tmpdir(), "openclaw-lint-page-"));

// Nobody's keys: the formats of providers with a pattern behind. Put together here, so that no scanner takes them for real.
const pattern = (length) => "Ab3dEf9hJk".repeat(20).slice(0, length);
const secrets = ["sk-ant-" + "api03-" + pattern(93) + "AA", "sk-" + "proj-" + pattern(120), "xoxb-" + "1234567890-" + pattern(24)];
const password = "corretto-cavallo-batteria";

// Text that would be markup, and more lines than are shown open.
writeFileSync(
  path.join(folder, "openclaw.json"),
  `// <script>document.title = "obeyed"</script> <img src="https://example.com/x.png">
{
  gateway: { prot: 18789, "<b onmouseover='document.title=1'>": 1, auth: { mode: "token", token: "${password}" } },
  models: { providers: { anthropic: { apiKey: "${secrets[0]}", baseUrl: "https://api.anthropic.com", models: [] } } },
${"  // a line without anything to say\n".repeat(40)}  channels: { slack: { botToken: "${secrets[2]}", enabled: "yes" }, discord: { token: "\${DISCORD_TOKN}" } },
  // ${"a very long line ".repeat(12)}
  bindings: "none",
}
`,
);
writeFileSync(
  path.join(folder, ".env"),
  `OPENAI_API_KEY=${secrets[1]}\nOPENAI_API_KEY=changeme\nDISCORD_TOKEN=\nOPEN_ROUTER_API_KEY="\${X}"\n`,
);
mkdirSync(path.join(folder, "good"));
writeFileSync(path.join(folder, "good", "openclaw.json"), '{ gateway: { mode: "local" } }\n');

const make = (language) => {
  const file = path.join(folder, `report.${language}.html`);
  const options = ["check", "--format", `html=${file}`, "--lang", language, "--fail-on", "never"];
  execFileSync(binary, options, { cwd: folder, stdio: "inherit" });
  return file;
};

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox"],
});

/** A page whose requests and complaints are counted. */
const open = async (file, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(5000);
  const seen = { requests: [], complaints: [] };
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("console", (message) => seen.complaints.push(message.text()));
  page.on("pageerror", (error) => seen.complaints.push(String(error)));
  await page.goto(pathToFileURL(file).href);
  return { page, seen, close: () => context.close() };
};

const quiet = (seen, file) => {
  const others = seen.requests.filter((url) => url !== pathToFileURL(file).href && url !== "data:,");
  assert.deepEqual(others, [], "no request leaves the page");
  assert.deepEqual(seen.complaints, [], "the console is empty");
};

const checks = {
  async "no credential is in it"() {
    for (const language of ["en", "zh-CN"]) {
      const html = readFileSync(make(language), "utf8");
      for (const secret of [...secrets, password]) {
        for (let at = 0; at + 10 <= secret.length; at += 1) {
          const piece = secret.slice(at, at + 10);
          // What all keys of a format share is no secret.
          if (/^(sk-ant-api|k-ant-api0|-ant-api03|ant-api03-|sk-proj-)/.test(piece)) continue;
          assert(!html.includes(piece), `${piece} is in the page`);
        }
      }
    }
  },

  async "text of files is not obeyed"() {
    const file = make("en");
    const { page, seen, close } = await open(file);
    assert.match(await page.title(), /^\d+ errors?.* - OpenClaw configuration report$/);
    assert.equal(await page.locator("main script, main img, main b").count(), 0);
    assert.equal(await page.locator(".l").filter({ hasText: '<script>document.title = "obeyed"</script> <img' }).count(), 1);
    // Even a script that got in would not run.
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = 'document.title = "obeyed"';
      document.body.append(script);
    });
    assert.doesNotMatch(await page.title(), /obeyed/);
    assert.equal(seen.complaints.length, 1, "the policy has complained");
    assert.match(seen.complaints[0], /Content Security Policy/);
    await close();
  },

  async "filters"() {
    const file = make("en");
    const { page, seen, close } = await open(file);
    const findings = page.locator("article.finding:visible");
    const all = await findings.count();
    assert(all > 6, `${all} findings`);
    const status = page.getByRole("status");
    const allShown = () =>
      page.waitForFunction((all) => document.querySelectorAll("article.finding:not([hidden])").length === all, all);
    assert.equal(await status.textContent(), `${all} of ${all} findings shown`);

    await page.getByLabel("error (").uncheck();
    const mild = await findings.count();
    assert(mild > 0 && mild < all);
    assert.equal(await page.locator("article.finding.error:visible").count(), 0);
    assert(await page.locator("mark.error.off").count() > 0, "what is hidden is not underlined");
    await page.getByRole("button", { name: "Reset" }).click();
    await allShown();

    await page.getByLabel("Rule", { exact: true }).selectOption("schema/unknown-key");
    assert.equal(await findings.count(), await page.locator('article.finding[data-rule="schema/unknown-key"]').count());
    assert.equal(await page.locator("article.rule:visible").count(), 1);
    assert.equal(await page.locator("section.file:visible").count(), 1);
    // A link into what is hidden shows it.
    await page.getByRole("link", { name: ".env", exact: true }).click();
    await allShown();

    await page.getByLabel("File", { exact: true }).selectOption({ index: 1 });
    assert.equal(await page.locator("section.file:visible").count(), 1);
    await page.getByRole("button", { name: "Reset" }).click();
    await allShown();

    await page.getByRole("searchbox").fill("PROT port");
    assert.equal(await findings.count(), 1);
    assert.equal(await status.textContent(), `1 of ${all} findings shown`);
    await page.getByRole("searchbox").fill("nothing of the kind");
    assert.equal(await findings.count(), 0);
    assert.equal(await status.textContent(), `0 of ${all} findings shown`);
    quiet(seen, file);
    await close();
  },

  async "keyboard"() {
    const file = make("en");
    const { page, seen, close } = await open(file);
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.name);
    const visible = () =>
      page.evaluate(() => {
        const box = document.activeElement.getBoundingClientRect();
        const bar = document.querySelector(".filters").getBoundingClientRect();
        return box.bottom > Math.max(bar.bottom, 0) && box.top < innerHeight;
      });
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to the findings" });
    assert(await skip.evaluate((link) => link === document.activeElement), "the first stop is the skip link");
    const box = await skip.boundingBox();
    assert(box.x >= 0 && box.y >= 0, "which is seen then");
    await page.keyboard.press("Enter");
    assert.equal(await focused(), "findings");

    const order = await page.locator("article.finding").evaluateAll((all) => all.map((finding) => finding.id));
    for (const id of order.slice(0, 4)) {
      await page.keyboard.press("j");
      assert.equal(await focused(), id);
      assert(await visible(), `${id} is in sight`);
      const outline = await page.locator(`#${id}`).evaluate((element) => getComputedStyle(element).outlineWidth);
      assert.equal(outline, "3px", "focus is visible");
    }
    await page.keyboard.press("k");
    assert.equal(await focused(), order[2]);
    for (const _ of order) await page.keyboard.press("j");
    assert.equal(await focused(), order.at(-1), "the last one is the end");

    await page.keyboard.press("/");
    assert.equal(await focused(), "text");
    await page.keyboard.type("jk/");
    assert.equal(await page.getByRole("searchbox").inputValue(), "jk/", "keys are letters in a field");
    await page.keyboard.press("Escape");
    assert.equal(await page.getByRole("searchbox").inputValue(), "");
    assert.equal(await page.locator("article.finding:visible").count(), order.length);

    await page.keyboard.press("/");
    await page.keyboard.type("discord");
    await page.keyboard.press("Tab");
    await page.locator("main").focus();
    await page.evaluate(() => scrollTo(0, 0));
    await page.keyboard.press("j");
    const fits = await page.locator("article.finding:visible").evaluateAll((all) => all.map((finding) => finding.id));
    assert.equal(await focused(), fits[0], "hidden ones are passed over");
    quiet(seen, file);
    await close();
  },

  async "structure"() {
    const file = make("en");
    const { page, close } = await open(file);
    const levels = await page.locator("h1, h2, h3, h4").evaluateAll((all) => all.map((one) => Number(one.tagName[1])));
    assert.equal(levels.filter((level) => level === 1).length, 1);
    levels.reduce((before, level) => {
      assert(level <= before + 1, `headings go down step by step: ${levels}`);
      return level;
    }, 0);
    const ids = await page.locator("[id]").evaluateAll((all) => all.map((one) => one.id));
    assert.equal(new Set(ids).size, ids.length, "ids are distinct");
    const dead = await page.locator('a[href^="#"]').evaluateAll((links) =>
      links.map((link) => link.getAttribute("href").slice(1)).filter((id) => !document.getElementById(id)),
    );
    assert.deepEqual(dead, [], "links within the page lead somewhere");
    const nameless = await page.locator("input, select, button").evaluateAll((all) =>
      all.filter((one) => !one.labels?.length && !one.textContent.trim() && !one.ariaLabel).length,
    );
    assert.equal(nameless, 0, "each field has a name");
    // A fold opens for a keyboard.
    const fold = page.locator("details").first();
    await fold.locator("summary").focus();
    await page.keyboard.press("Enter");
    assert(await fold.evaluate((details) => details.open));
    await close();
  },

  async "contrast in both themes"() {
    const file = make("en");
    for (const colorScheme of ["light", "dark"]) {
      const { page, close } = await open(file, { colorScheme });
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(background === "rgb(255, 255, 255)", colorScheme === "light", background);
      const worst = await page.evaluate(() => {
        const numbers = (color) => color.match(/[\d.]+/g).map(Number);
        const light = (color) => {
          const parts = numbers(color).slice(0, 3).map((part) => part / 255);
          const [red, green, blue] = parts.map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
          return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        };
        const behind = (element) => {
          for (let at = element; at; at = at.parentElement) {
            const color = getComputedStyle(at).backgroundColor;
            if ((numbers(color)[3] ?? 1) === 1) return color;
          }
          return "rgb(255, 255, 255)";
        };
        const found = [];
        for (const element of document.querySelectorAll("body *")) {
          const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
          if (!own || !element.checkVisibility() || element.closest(".skip")) continue;
          const [front, back] = [light(getComputedStyle(element).color), light(behind(element))];
          const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
          if (ratio < 4.5) found.push(`${element.className || element.tagName}: ${ratio.toFixed(2)}`);
        }
        return [...new Set(found)];
      });
      assert.deepEqual(worst, [], `${colorScheme}: every text stands out 4.5 to 1`);
      await close();
    }
  },

  async "without a script everything is shown"() {
    const file = make("en");
    const { page, close } = await open(file, { javaScriptEnabled: false });
    assert.equal(await page.locator("form.filters").isVisible(), false);
    const findings = page.locator("article.finding");
    assert.equal(await page.locator("article.finding:visible").count(), await findings.count());
    assert(await page.locator("article.rule:visible").count() > 3);
    await close();
  },

  async "narrow, wide, on paper: nothing sticks out"() {
    for (const language of ["en", "zh-CN"]) {
      const file = make(language);
      for (const width of [320, 400, 768, 1280]) {
        for (const colorScheme of ["light", "dark"]) {
          const { page, seen, close } = await open(file, { colorScheme, viewport: { width, height: 900 } });
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert(over <= 0, `${language}, ${width}: ${over} pixels too wide`);
          if (pictures && width !== 768) {
            await page.screenshot({ path: path.join(pictures, `${language}-${width}-${colorScheme}.png`), fullPage: true });
          }
          quiet(seen, file);
          await close();
        }
      }
    }
    const { page, close } = await open(make("en"));
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    assert.equal(await page.locator("form.filters").isVisible(), false);
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
    if (pictures) await page.pdf({ path: path.join(pictures, "print.pdf"), format: "A4" });
    await close();
  },

  async "Chinese"() {
    const file = make("zh-CN");
    const { page, seen, close } = await open(file);
    assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
    const words = await page.locator("h1, h2:not(:has(code)), legend, th, button, .skip, summary, #count").allTextContents();
    for (const text of words) assert.match(text, /[\u4e00-\u9fff]/, text);
    quiet(seen, file);
    await close();
  },
};

let failed = 0;
if (pictures) mkdirSync(pictures, { recursive: true });
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`failed  ${name}\n${error.stack}`);
  }
}
await browser.close();
rmSync(folder, { recursive: true });
process.exit(failed ? 1 : 0);
