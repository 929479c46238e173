// Wiring: filters, keys, files; then the first text.

function applyFilters() {
  showList();
  const stays = listed.includes(selected.text);
  if (!stays) byId("list").scrollTop = 0;
  const removal = stays && selected.removal && passes(selected.removal) ? selected.removal : null;
  choose(stays ? selected.text : listed[0], removal);
  refreshRules();
}

function clearFilters() {
  Object.assign(filters, { query: "", category: "", site: "", status: "", rule: "" });
  ["search", "category", "site", "status"].forEach((id) => { byId(id).value = ""; });
  applyFilters();
}

function fillSelects() {
  const categories = new Map();
  data.rules.forEach((rule) => categories.set(rule.category, (categories.get(rule.category) || 0) + rule.hits));
  const sites = new Map();
  data.shown.forEach((text) => text.site && sites.set(text.site, (sites.get(text.site) || 0) + 1));
  fill("category", "All categories", categories);
  fill("site", "All sites", sites);
  byId("site").disabled = !sites.size;
}

function fill(id, all, counts) {
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  byId(id).replaceChildren(option("", all), ...sorted.map(([name, count]) => option(name, `${harmless(name)} (${number.format(count)})`)));
}

function drawTotals() {
  const share = data.words ? data.wordsRemoved / data.words : 0;
  const parts = [
    counted(data.texts, "text"),
    `${number.format(data.withRemovals)} with ${counted(data.removals, "removal")}`,
    `${percent.format(share)} of words`,
  ];
  if (data.flagged) parts.push(`${number.format(data.flagged)} flagged`);
  byId("totals").textContent = parts.join(" · ");
  if (data.shown.length < data.withRemovals) {
    notify(
      `${number.format(data.shown.length)} of ${number.format(data.withRemovals)} texts with removals are shown: ` +
        "the riskiest, some of every rule, and others drawn at random. The counts of rules and categories are of all.",
    );
  }
}

function notify(message) {
  byId("notice").textContent = message;
  byId("notice").hidden = false;
}

function exportDecisions() {
  const blob = new Blob([JSON.stringify(asDecisions(), null, 1), "\n"], { type: "application/json" });
  const link = make("a", { href: URL.createObjectURL(blob), download: "decisions.json" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  unsaved = false;
}

async function loadDecisions() {
  const [file] = byId("load").files;
  if (!file) return;
  try {
    const found = JSON.parse(await file.text());
    const count = takeDecisions(found);
    const elsewhere = carried.size ? `, ${number.format(carried.size)} of them on what this page does not show` : "";
    notify(`${counted(count, "decision")} loaded${elsewhere}.${found.rules_digest && found.rules_digest !== data.rulesDigest ? " They were made on other rules." : ""}`);
    changed();
  } catch (error) {
    notify(`${harmless(file.name)} could not be loaded. ${error instanceof SyntaxError ? "It is no JSON." : harmless(error.message)}`);
  }
  byId("load").value = "";
}

function decideAndGoOn(verdict) {
  if (!selected.removal) return;
  const { key } = selected.removal;
  const goesOn = verdicts.get(key) !== verdict;
  decide(key, verdict);
  if (goesOn) step(1);
}

const withText = (act) => () => selected.text && act(selected);

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  n: () => stepText(1),
  p: () => stepText(-1),
  a: () => decideAndGoOn("accept"),
  r: () => decideAndGoOn("reject"),
  u: withText(({ removal }) => decide(removal.key, "")),
  A: withText(({ text }) => decide(text.key, "accept")),
  R: withText(({ text }) => decide(text.key, "reject")),
  D: withText(({ removal }) => decide(ruleKey(removal.rule), "reject")),
  f: withText(({ removal }) => toggleRule(removal.rule)),
  e: exportDecisions,
  "/": () => byId("search").select(),
  "?": () => byId("help").showModal(),
  Escape: clearFilters,
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  const { target, key } = event;
  if (target.matches("input, select, textarea")) {
    if (key === "Escape") byId("list").focus();
    return;
  }
  if (target.matches(".gone") && (key === "Enter" || key === " ")) {
    event.preventDefault();
    target.click();
    return;
  }
  const inList = target === byId("list") && { ArrowDown: KEYS.n, ArrowUp: KEYS.p, Enter: () => byId("reader").focus() }[key];
  const act = inList || KEYS[key];
  if (!act) return;
  event.preventDefault();
  act();
}

function listen() {
  document.addEventListener("keydown", onKey);
  byId("list").addEventListener("scroll", askForRows, { passive: true });
  window.addEventListener("resize", askForRows);
  ["category", "site", "status", "order"].forEach((id) => byId(id).addEventListener("change", (event) => {
    filters[id] = event.target.value;
    applyFilters();
  }));
  byId("search").addEventListener("input", (event) => {
    filters.query = event.target.value.toLowerCase();
    applyFilters();
  });
  byId("clear").addEventListener("click", clearFilters);
  byId("export").addEventListener("click", exportDecisions);
  byId("load-button").addEventListener("click", () => byId("load").click());
  byId("load").addEventListener("change", loadDecisions);
  byId("help-button").addEventListener("click", () => byId("help").showModal());
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !isDraftKept) event.preventDefault();
  });
  onChange(refresh);
}

fillSelects();
drawTotals();
drawRules();
listen();
if (data.decisions) takeDecisions(data.decisions);
if (takeDraft()) unsaved = true;
counts = null;
applyFilters();
drawProgress();
