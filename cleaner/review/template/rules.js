// The rules that removed something: a chart of their counts, each bar a filter.

const ruleRows = new Map();

function drawRules() {
  const most = Math.max(1, ...data.rules.map((rule) => rule.hits));
  data.rules.forEach((rule) => ruleRows.set(rule.id, ruleRow(rule, most)));
  byId("rules").replaceChildren(...ruleRows.values());
}

function ruleRow(rule, most) {
  const bar = draw("rect", { width: Math.max(0.6, (100 * rule.hits) / most), height: 4 });
  const made = make(
    "button",
    { type: "button", class: "rule", title: harmless(rule.why) },
    make("span", { class: "rule-name" }, harmless(rule.id)),
    make("span", { class: "rule-hits" }, number.format(rule.hits)),
    draw("svg", { class: "bar", viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" }, draw("rect", { class: "track", width: 100, height: 4 }), bar),
  );
  made.addEventListener("click", () => toggleRule(rule.id));
  return made;
}

function refreshRules() {
  let shown = 0;
  data.rules.forEach((rule) => {
    const element = ruleRows.get(rule.id);
    const isShown = !filters.category || rule.category === filters.category;
    shown += isShown;
    element.hidden = !isShown;
    element.className = `rule ${verdicts.get(ruleKey(rule.id)) || ""}`;
    element.setAttribute("aria-pressed", String(filters.rule === rule.id));
  });
  byId("rules-count").textContent = number.format(shown);
}

function toggleRule(id) {
  filters.rule = filters.rule === id ? "" : id;
  applyFilters();
}
