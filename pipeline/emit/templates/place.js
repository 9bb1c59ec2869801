// Words of the report in their place.
// Offsets count code points, JavaScript counts UTF-16 units: work on arrays of characters.
const WINDOW = 500;
function marked(parent, chars, from, to) {
  const [a, b] = [Math.max(from, 0), Math.min(to, chars.length)];
  const add = (i, j) => parent.append(chars.slice(i, j).join(""));
  if (a >= b) return add(0, chars.length);
  const [first, last] = [Math.max(a - WINDOW, 0), Math.min(b + WINDOW, chars.length)];
  if (first > 0) parent.append("……");
  add(first, a);
  parent.append(make("mark", "", chars.slice(a, b).join("")));
  add(b, last);
  if (last < chars.length) parent.append("……");
}
function table(text, from, to) {
  const lines = [];
  let at = 0;
  for (const line of text.split("\n")) {
    const start = at;
    const cells = line.split("\t").map((cell) => {
      const chars = Array.from(cell), cellAt = at;
      at += chars.length + 1;
      return [chars, from - cellAt, to - cellAt];
    });
    lines.push([cells, start < to && at - 1 > from]);
  }
  const hit = Math.max(lines.findIndex((l) => l[1]), 0);
  const node = make("table");
  lines.forEach(([cells, isHit], n) => {
    if (n > 0 && !isHit && Math.abs(n - hit) > 3) return;
    const row = node.insertRow();
    for (const cell of cells) marked(row.insertCell(), ...cell);
  });
  return node;
}
function paragraph(kind, text, from, to, before) {
  const node = make("p", kind);
  let chars = Array.from(text);
  const isHit = from < chars.length && to > 0;
  if (isHit) node.classList.add("hit");
  else if (chars.length > 240 && before) chars = ["……", ...chars.slice(-240)];
  else if (chars.length > 240) chars = [...chars.slice(0, 240), "……"];
  isHit ? marked(node, chars, from, to) : node.append(chars.join(""));
  return node;
}
function context(start, end, first, last) {
  const node = make("div", "ctx bidi");
  let leaf = null;
  for (const [, at, page, kind, text] of data.blocks.slice(first, last)) {
    if (page !== null && page !== leaf) node.append(make("p", "leaf", `第${page}页`));
    leaf = page;
    const span = [start - at, end - at];
    node.append(kind === "table" ? table(text, ...span) : paragraph(kind, text, ...span, at < start));
  }
  return node;
}

// A quote by its anchor, t-START-END, in a window of its own.
function showPlace(anchor) {
  const span = data.spans[anchor];
  if (!span) return false;
  const [page, paragraph, first, last] = span;
  const [start, end] = anchor.split("-").slice(1).map(Number);
  $("place-at").textContent = page === null ? `第${paragraph}段` : `第${page}页 · 第${paragraph}段`;
  $("place-text").replaceChildren(context(start, end, first, last));
  if (!$("place").open) $("place").showModal();
  const mark = $("place-text").querySelector("mark");
  if (mark) mark.scrollIntoView({ block: "center" });
  return true;
}
