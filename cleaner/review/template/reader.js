// One text with its removals in place, and beside it the removal that is selected.

const selected = { text: null, removal: null };
let marks = [];

function choose(text, removal = null) {
  if (!text) return showNothing();
  const isNew = text !== selected.text;
  selected.text = text;
  selected.removal = removal || text.removals.find(passes) || text.removals[0];
  if (isNew) drawText();
  bringIntoView(text);
  drawSelection();
  showMark();
  return undefined;
}

function showNothing() {
  Object.assign(selected, { text: null, removal: null });
  marks = [];
  byId("of-text").replaceChildren();
  byId("detail").replaceChildren();
  const why = data.shown.length ? "No text passes these filters." : "Nothing goes: in no text is there anything to remove.";
  byId("body").replaceChildren(make("p", { class: "empty" }, why));
  askForRows();
}

function drawText() {
  const { text } = selected;
  marks = text.removals.map(mark);
  const nodes = [];
  text.kept.forEach((stretch, at) => {
    nodes.push(...stretchNodes(stretch));
    if (at < marks.length) nodes.push(...marks[at]);
  });
  if (text.more) nodes.push(make("p", { class: "empty" }, `The text goes on, with ${counted(text.more, "further removal")}: too many for this page.`));
  byId("body").replaceChildren(...nodes);
  byId("reader").scrollTop = 0;
}

// The white space around what goes stays outside its mark, so that the mark sits at the words.
function mark(removal) {
  const [head, leftOut, tail] = typeof removal.removed === "string" ? [removal.removed, 0, ""] : removal.removed;
  const lead = head.match(/^[ \t\r\n]*/)[0];
  const trail = lead.length === head.length && !leftOut ? "" : (leftOut ? tail : head).match(/[ \t\r\n]*$/)[0];
  const core = leftOut
    ? [head.slice(lead.length), leftOut, tail.slice(0, tail.length - trail.length)]
    : head.slice(lead.length, head.length - trail.length);
  const made = make("span", { class: "gone", role: "button", tabindex: 0, title: removal.rule });
  made.append(...(core === "" ? [make("span", { class: "left-out" }, "white space")] : stretchNodes(core)));
  made.addEventListener("click", () => choose(removal.of, removal));
  made.addEventListener("focus", () => {
    if (selected.removal !== removal) choose(removal.of, removal);
  });
  return [lead, made, trail];
}

function showMark() {
  const made = selected.removal && marks[selected.removal.at][1];
  if (!made) return;
  const reader = byId("reader");
  const [box, frame] = [made.getBoundingClientRect(), reader.getBoundingClientRect()];
  const header = byId("of-text").offsetHeight;
  if (box.top < frame.top + header + 24 || box.top > frame.bottom - 120) {
    reader.scrollTop += box.top - frame.top - header - Math.max(24, (frame.height - header) / 3);
  }
}

// Everything that a verdict or a filter changes.
function refresh() {
  drawSelection();
  refreshRules();
  drawProgress();
}

function drawSelection() {
  if (selected.text) {
    refreshMarks();
    keepingFocus(byId("of-text"), drawHeader);
    keepingFocus(byId("detail"), drawDetail);
  }
  askForRows();
}

// Buttons are made anew; the one that had the focus has it afterwards.
function keepingFocus(parent, redraw) {
  const at = [...parent.querySelectorAll("button")].indexOf(document.activeElement);
  redraw();
  if (at >= 0) parent.querySelectorAll("button")[at]?.focus();
}

function refreshMarks() {
  selected.text.removals.forEach((removal, at) => {
    const { verdict } = outcome(removal);
    const element = marks[at][1];
    const isChosen = removal === selected.removal;
    element.className = ["gone", verdict, isChosen ? "chosen" : "", passes(removal) ? "" : "aside"].join(" ").trim();
    element.setAttribute("aria-label", `${verdict === "reject" ? "Stays" : "Removed"} by ${removal.rule}: ${harmless(plain(removal.removed)).trim().slice(0, 200)}`);
    if (isChosen) element.setAttribute("aria-current", "true");
    else element.removeAttribute("aria-current");
  });
}

function drawHeader() {
  const { text } = selected;
  const verdict = verdicts.get(text.key);
  const facts = [text.site, counted(text.words, "word"), `${percent.format(text.share)} of them removed`];
  byId("of-text").replaceChildren(
    make(
      "div",
      { class: "name" },
      make("h2", { title: harmless(text.place) }, placeOf(text)),
      make("p", {}, harmless(facts.filter(Boolean).join(" · ")), ...text.flags.map((flag) => make("span", { class: "flag" }, harmless(flag)))),
    ),
    make(
      "div",
      { class: "buttons" },
      button("Accept text", "A", verdict === "accept", () => decide(text.key, "accept"), "accept"),
      button("Never touch", "R", verdict === "reject", () => decide(text.key, "reject"), "reject"),
    ),
  );
}

function drawDetail() {
  const { removal } = selected;
  const rule = rules.get(removal.rule);
  const own = verdicts.get(removal.key);
  const ofRule = verdicts.get(ruleKey(rule.id));
  byId("detail").replaceChildren(
    make("p", { class: "eyebrow" }, `Removal ${number.format(removal.at + 1)} of ${number.format(removal.of.removals.length)}`),
    make("h2", { class: "rule-id" }, harmless(rule.id)),
    make("p", { class: "tags" }, ...[rule.category, rule.level, rule.kind].map((tag) => make("span", {}, harmless(tag)))),
    make("p", { class: "why" }, harmless(rule.why)),
    make("ul", { class: "signs" }, ...removal.signs.map((sign) => make("li", {}, data.signs[sign] || sign))),
    make(
      "div",
      { class: "buttons" },
      button("Accept", "a", own === "accept", () => decide(removal.key, "accept"), "accept"),
      button("Reject", "r", own === "reject", () => decide(removal.key, "reject"), "reject"),
    ),
    make("p", { class: "by", role: "status" }, saidBy(outcome(removal))),
    make("hr"),
    make("p", { class: "facts" }, `This rule: ${counted(rule.hits, "removal")} in ${counted(rule.texts, "text")}`),
    make(
      "div",
      { class: "buttons" },
      button("Rule is right", "", ofRule === "accept", () => decide(ruleKey(rule.id), "accept"), "accept"),
      button("Disable rule", "D", ofRule === "reject", () => decide(ruleKey(rule.id), "reject"), "reject"),
      button("Only this", "f", filters.rule === rule.id, () => toggleRule(rule.id)),
    ),
    make("p", { class: "source" }, harmless(rule.source)),
  );
}

function saidBy({ verdict, by }) {
  if (by === "removal") return verdict === "reject" ? "Stays in this text." : "Accepted.";
  const who = { text: "the text", rule: "the rule" }[by];
  if (!verdict) return "Not decided yet.";
  return verdict === "reject" ? `Stays: ${who} was rejected.` : `Accepted with ${who}.`;
}

function drawProgress() {
  const { accept, reject, open } = tally();
  const parts = [accept && `${number.format(accept)} accepted`, reject && `${number.format(reject)} rejected`, `${number.format(open)} open`];
  byId("progress").textContent = parts.filter(Boolean).join(" · ");
}

// The next or previous removal that passes the filters, in this text or beyond it.
function step(by) {
  if (!selected.text) return choose(listed[0]);
  const here = selected.text.removals;
  for (let at = selected.removal.at + by; at >= 0 && at < here.length; at += by) {
    if (passes(here[at])) return choose(selected.text, here[at]);
  }
  return stepText(by, by > 0 ? "first" : "last");
}

function stepText(by, which = "first") {
  for (let at = listed.indexOf(selected.text) + by; at >= 0 && at < listed.length; at += by) {
    const passing = listed[at].removals.filter(passes);
    if (passing.length) return choose(listed[at], which === "first" ? passing[0] : passing.at(-1));
  }
  return undefined;
}
