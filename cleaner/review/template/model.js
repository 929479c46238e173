// What the page knows: its data, the verdicts on it, and what the filters leave. Nothing here draws.

const FORMAT = 1;
const data = takeData();
const rules = new Map(data.rules.map((rule) => [rule.id, rule]));
const removalsByKey = new Map();
const textsByKey = new Map();
const verdicts = new Map();
// Decisions of a file that was loaded, on texts and rules which this page does not show.
const carried = new Map();
const filters = { query: "", category: "", site: "", status: "", order: "risk", rule: "" };
const listeners = [];
let unsaved = false;

data.shown.forEach((text) => {
  text.key = `text ${text.text}`;
  if (!textsByKey.has(text.key)) textsByKey.set(text.key, text);
  text.removals.forEach((removal, at) => {
    Object.assign(removal, { at, of: text, key: removalKey(text.text, removal) });
    // Copies of a text share their verdicts: a text is known by its digest.
    if (!removalsByKey.has(removal.key)) removalsByKey.set(removal.key, removal);
  });
});

const sharedFolder = data.shown.reduce((shared, text) => {
  let folder = shared;
  while (!text.place.startsWith(folder)) folder = folder.slice(0, folder.lastIndexOf("/", folder.length - 2) + 1);
  return folder;
}, data.shown.length ? data.shown[0].place.slice(0, data.shown[0].place.lastIndexOf("/") + 1) : "");

function takeData() {
  const element = document.getElementById("data");
  const found = JSON.parse(element.textContent);
  element.remove();
  return found;
}

function removalKey(text, row) {
  return `removal ${text} ${row.start} ${row.end} ${row.rule}`;
}

function ruleKey(id) {
  return `rule ${id}`;
}

function onChange(listener) {
  listeners.push(listener);
}

function changed() {
  unsaved = true;
  counts = null;
  keepDraft();
  listeners.forEach((listener) => listener());
}

// The same verdict once more takes it back.
function decide(key, verdict) {
  if (!verdict || verdicts.get(key) === verdict) verdicts.delete(key);
  else verdicts.set(key, verdict);
  carried.delete(key);
  changed();
}

// What becomes of a removal, and what says so: itself, its text, or its rule.
function outcome(removal) {
  const rule = verdicts.get(ruleKey(removal.rule));
  const text = verdicts.get(removal.of.key);
  const own = verdicts.get(removal.key);
  if (rule === "reject") return { verdict: "reject", by: "rule" };
  if (text === "reject") return { verdict: "reject", by: "text" };
  if (own) return { verdict: own, by: "removal" };
  if (text) return { verdict: text, by: "text" };
  if (rule) return { verdict: rule, by: "rule" };
  return { verdict: "", by: "" };
}

// Counted anew only after a verdict: there may be a million removals.
let counts = null;

function tally() {
  if (counts) return counts;
  counts = { accept: 0, reject: 0, open: 0 };
  data.shown.forEach((text) => text.removals.forEach((removal) => {
    counts[outcome(removal).verdict || "open"] += 1;
  }));
  return counts;
}

function plain(stretch) {
  return typeof stretch === "string" ? stretch : stretch[0] + stretch[2];
}

function passes(removal) {
  if (filters.rule && removal.rule !== filters.rule) return false;
  if (filters.category && rules.get(removal.rule).category !== filters.category) return false;
  if (filters.status && (outcome(removal).verdict || "open") !== filters.status) return false;
  if (!filters.query || removal.of.place.toLowerCase().includes(filters.query)) return true;
  return plain(removal.removed).toLowerCase().includes(filters.query);
}

const ORDERS = {
  risk: (a, b) => b.risk - a.risk,
  share: (a, b) => b.share - a.share,
  place: (a, b) => a.place.localeCompare(b.place, "en", { numeric: true }),
};

function textsThatPass() {
  const found = data.shown.filter((text) => (!filters.site || text.site === filters.site) && text.removals.some(passes));
  return found.sort(ORDERS[filters.order]);
}

function isFiltered() {
  return Boolean(filters.query || filters.category || filters.site || filters.status || filters.rule);
}

// The file of decisions, as `cleaner clean --decisions` reads it.
function asDecisions() {
  const file = { decisions: FORMAT, rules_digest: data.rulesDigest, rules: [], texts: [], removals: [] };
  carried.forEach((row, key) => file[`${key.split(" ")[0]}s`].push(row));
  verdicts.forEach((verdict, key) => {
    if (removalsByKey.has(key)) file.removals.push(removalRow(removalsByKey.get(key), verdict));
    else if (textsByKey.has(key)) file.texts.push({ text: textsByKey.get(key).text, place: textsByKey.get(key).place, verdict });
    else file.rules.push({ rule: key.slice("rule ".length), verdict });
  });
  return file;
}

function removalRow(removal, verdict) {
  const { text, left, place } = removal.of;
  const { rule, start, end, removed, line } = removal;
  return { text, left, place, rule, start, end, removed: typeof removed === "string" ? removed : null, line, verdict };
}

// Takes in the decisions of a file; throws an Error that says what is wrong with it.
function takeDecisions(file) {
  if (typeof file !== "object" || file === null || !Number.isInteger(file.decisions)) {
    throw new Error("This is no file of decisions: the key \"decisions\" is missing.");
  }
  if (file.decisions > FORMAT) throw new Error("These decisions were made by a newer version of cleaner.");
  const known = [];
  for (const [name, keyOf] of [
    ["rules", (row) => ruleKey(row.rule)],
    ["texts", (row) => `text ${row.text}`],
    ["removals", (row) => removalKey(row.text, row)],
  ]) {
    for (const row of file[name] || []) {
      if (!["accept", "reject"].includes(row.verdict)) throw new Error(`A row of "${name}" has no verdict.`);
      known.push([keyOf(row), row]);
    }
  }
  known.forEach(([key, row]) => {
    const here = removalsByKey.has(key) || textsByKey.has(key) || rules.has(key.replace(/^rule /, ""));
    if (here) verdicts.set(key, row.verdict);
    else carried.set(key, row);
  });
  return known.length;
}

// A draft outlives a reload: verdicts alone, never text of the corpus. Where storage is forbidden, there is none.
const DRAFT = `cleaner review ${data.name}`;
let isDraftKept = true;

function keepDraft() {
  try {
    localStorage.setItem(DRAFT, JSON.stringify([...verdicts]));
    isDraftKept = true;
  } catch {
    isDraftKept = false;
  }
}

function takeDraft() {
  try {
    const found = JSON.parse(localStorage.getItem(DRAFT) || "null");
    if (!Array.isArray(found)) return false;
    verdicts.clear();
    found.forEach(([key, verdict]) => verdicts.set(key, verdict));
    return verdicts.size > 0;
  } catch {
    return false;
  }
}
