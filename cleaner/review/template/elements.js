// Elements and text nodes. Text of the corpus only ever becomes a text node or the value of a harmless attribute.

const SVG = "http://www.w3.org/2000/svg";
// Control characters, marks that turn the order of what follows, what is no character; line ends and tabs stay.
const OBEYED = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\p{Cs}]/gu;

const byId = (id) => document.getElementById(id);
const number = new Intl.NumberFormat("en");
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

function make(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

function draw(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function filled(element, attributes, children) {
  Object.entries(attributes).forEach(([name, value]) => {
    if (value !== null && value !== false) element.setAttribute(name, value);
  });
  element.append(...children);
  return element;
}

function button(label, key, pressed, onClick, kind = "") {
  const made = make("button", { type: "button", class: kind, "aria-pressed": String(pressed) }, label);
  if (key) made.append(" ", make("kbd", {}, key));
  made.addEventListener("click", onClick);
  return made;
}

function escaped(character) {
  const code = character.codePointAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

// For titles and labels: what would be obeyed is shown.
function harmless(text) {
  return text.replace(/\r\n?/g, "\n").replace(OBEYED, escaped);
}

// The same as nodes, with what was escaped set apart.
function textNodes(text) {
  const nodes = [];
  let at = 0;
  const lines = text.replace(/\r\n?/g, "\n");
  for (const found of lines.matchAll(OBEYED)) {
    nodes.push(lines.slice(at, found.index), make("span", { class: "escape" }, escaped(found[0])));
    at = found.index + found[0].length;
  }
  nodes.push(lines.slice(at));
  return nodes;
}

// A stretch of text, or its two ends with what is left out between them.
function stretchNodes(stretch) {
  if (typeof stretch === "string") return textNodes(stretch);
  const [head, leftOut, tail] = stretch;
  const note = make("span", { class: "left-out" }, `${number.format(leftOut)} characters not shown`);
  return [...textNodes(head), " ", note, " ", ...textNodes(tail)];
}

function counted(count, noun) {
  return `${number.format(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function option(value, label) {
  return make("option", { value }, label);
}
