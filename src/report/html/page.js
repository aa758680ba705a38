"use strict";
// Without this script everything is shown. With it, findings can be filtered and walked through by keyboard.
(() => {
  const form = document.querySelector("form.filters");
  const all = (selector) => [...document.querySelectorAll(selector)];
  const findings = all("article.finding").map((element) => ({
    element,
    words: element.textContent.toLowerCase(),
    marks: [],
  }));
  const byId = new Map(findings.map((finding) => [finding.element.id, finding]));
  for (const mark of all("mark[data-for]")) byId.get(mark.dataset.for)?.marks.push(mark);
  const files = all("section.file");
  const rules = all("article.rule");
  const fields = form.elements;
  const count = document.getElementById("count");

  const shown = () => findings.filter((finding) => !finding.element.hidden).map((finding) => finding.element);

  const apply = () => {
    const words = fields.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set(all("input[name=severity]:checked").map((box) => box.value));
    for (const finding of findings) {
      const data = finding.element.dataset;
      const fits =
        (!data.severity || severities.has(data.severity)) &&
        (!fields.rule.value || data.rule === fields.rule.value) &&
        (!fields.file.value || data.file === fields.file.value) &&
        words.every((word) => finding.words.includes(word) || (data.path ?? "").includes(word));
      finding.element.hidden = !fits;
      for (const mark of finding.marks) mark.classList.toggle("off", !fits);
    }
    const visible = shown();
    const usedFiles = new Set(visible.map((element) => element.dataset.file));
    const usedRules = new Set(visible.map((element) => element.dataset.rule));
    for (const file of files) file.hidden = !usedFiles.has(file.dataset.file);
    for (const rule of rules) rule.hidden = !usedRules.has(rule.dataset.rule);
    count.textContent = count.dataset.words
      .replace("{shown}", visible.length)
      .replace("{count}", findings.length);
  };

  const step = (by) => {
    const visible = shown();
    if (visible.length === 0) return;
    const here = document.activeElement?.closest("article.finding");
    let at = visible.indexOf(here);
    if (at < 0) {
      // From the place that is being read.
      const bar = Math.max(form.getBoundingClientRect().bottom, 0);
      const next = visible.findIndex((element) => element.getBoundingClientRect().bottom > bar);
      at = by > 0 ? (next < 0 ? visible.length : next) - 1 : next < 0 ? visible.length : next;
    }
    const target = visible[Math.min(Math.max(at + by, 0), visible.length - 1)];
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
  };

  const typing = (element) => element.matches("input[type=search], select, textarea");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target === fields.text && event.key === "Escape") {
      fields.text.value = "";
      apply();
      fields.text.blur();
      event.preventDefault();
      return;
    }
    if (typing(event.target)) return;
    if (event.key === "/") fields.text.focus();
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else return;
    event.preventDefault();
  });

  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  // Fields are set anew only after the event.
  form.addEventListener("reset", () => setTimeout(apply));

  // A link into what a filter hides takes the filter away.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.closest("[hidden]")) {
      form.reset();
      apply();
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  // A second click on the same link changes no hash.
  document.addEventListener("click", (event) => event.target.closest?.('a[href^="#"]') && setTimeout(reveal));

  const measure = () => {
    const sticky = getComputedStyle(form).position === "sticky";
    document.documentElement.style.setProperty("--bar", sticky ? `${form.offsetHeight}px` : "0px");
  };
  form.hidden = false;
  measure();
  addEventListener("resize", measure);
  // The browser keeps fields over a reload.
  apply();
})();
