// The list of texts: of thousands of rows only those in view are elements.

const ROW_HEIGHT = 58;
const SPARE_ROWS = 6;
let listed = [];
let rowsAsked = false;

function showList() {
  listed = textsThatPass();
  byId("rows").style.height = `${listed.length * ROW_HEIGHT}px`;
  const { shown } = data;
  byId("matching").textContent =
    listed.length === shown.length ? counted(shown.length, "text") : `${number.format(listed.length)} of ${counted(shown.length, "text")}`;
  byId("clear").hidden = !isFiltered();
  askForRows();
}

function askForRows() {
  if (rowsAsked) return;
  rowsAsked = true;
  requestAnimationFrame(() => {
    rowsAsked = false;
    drawRows();
  });
}

function drawRows() {
  const list = byId("list");
  const first = Math.max(0, Math.floor(list.scrollTop / ROW_HEIGHT) - SPARE_ROWS);
  const last = Math.min(listed.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW_HEIGHT) + SPARE_ROWS);
  const made = [];
  for (let at = first; at < last; at += 1) made.push(row(listed[at], at));
  byId("rows").replaceChildren(...made);
  const chosen = listed.indexOf(selected.text);
  if (chosen >= first && chosen < last) list.setAttribute("aria-activedescendant", `row-${chosen}`);
  else list.removeAttribute("aria-activedescendant");
}

function row(text, at) {
  const isChosen = text === selected.text;
  const made = make(
    "div",
    {
      id: `row-${at}`,
      class: `row ${isChosen ? "chosen" : ""}`,
      role: "option",
      "aria-selected": String(isChosen),
      "aria-setsize": listed.length,
      "aria-posinset": at + 1,
      title: harmless(text.place),
    },
    placeOf(text),
    make("span", { class: "row-facts" }, rowFacts(text)),
    shareBar(text),
    rowMark(text),
  );
  made.style.transform = `translateY(${at * ROW_HEIGHT}px)`;
  made.addEventListener("click", () => choose(text));
  return made;
}

// A file without the folder that all files are in; the number of its record is never cut off.
function placeOf(text) {
  const place = text.place.slice(sharedFolder.length);
  const cut = place.lastIndexOf("/") + 1;
  const [, file, record] = place.slice(cut).match(/^(.*?)((?::\d+)?)$/s);
  return make(
    "span",
    { class: "place" },
    make("bdi", { class: "folder" }, harmless(place.slice(0, cut))),
    make("bdi", { class: "file" }, harmless(file)),
    make("span", { class: "record" }, record),
  );
}

function rowFacts(text) {
  return `${counted(text.removals.length + text.more, "removal")} · ${percent.format(text.share)} of words`;
}

function shareBar(text) {
  const bar = draw("rect", { width: Math.max(1, 100 * text.share), height: 3, rx: 1 });
  return draw("svg", { class: "share", viewBox: "0 0 100 3", preserveAspectRatio: "none", "aria-hidden": "true" }, bar);
}

// How far a text is: a mark once all of it is decided, a count before.
function rowMark(text) {
  if (verdicts.get(text.key) === "reject") return make("span", { class: "mark kept" }, "never touched");
  const outcomes = text.removals.map((removal) => outcome(removal).verdict);
  const decided = outcomes.filter(Boolean).length;
  if (!decided) return make("span", { class: "mark" });
  const rejected = outcomes.filter((verdict) => verdict === "reject").length;
  const label = rejected ? `${number.format(rejected)} rejected` : decided === outcomes.length ? "accepted" : `${decided} of ${outcomes.length}`;
  return make("span", { class: `mark ${rejected ? "kept" : "done"}` }, label);
}

function bringIntoView(text) {
  const at = listed.indexOf(text);
  if (at < 0) return;
  const list = byId("list");
  const top = at * ROW_HEIGHT;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + ROW_HEIGHT > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW_HEIGHT - list.clientHeight;
}
