// Panels of facts: a table each, drawn when it is opened, with filters of its own.
const PER = 40;
const BAR = 110;

function quoted(list) {
  const box = make("div", "quotes");
  for (const [anchor, at, text] of list) {
    const link = make(anchor ? "a" : "span", "q");
    if (anchor) link.href = `#${anchor}`;
    link.append(make("span", "at", at), make("span", "bidi", text && `“${text}”`));
    box.append(link);
  }
  return box;
}
function points(value) {
  const wide = { viewBox: `0 0 ${BAR} 12`, width: BAR, height: 12, "aria-hidden": "true" };
  const svg = drawn("svg", wide);
  svg.append(drawn("rect", { class: "track", width: BAR, height: 12, rx: 2 }),
    drawn("rect", { class: "fill", width: (BAR * Math.min(Math.max(value, 0), 100) / 100).toFixed(1), height: 12, rx: 2 }));
  return [svg, make("b", "num", value.toFixed(1))];
}
const fillers = {
  text: (cell, value) => cell.append(value),
  badge: (cell, value) => cell.append(Array.isArray(value) ? make("span", `badge ${value[0]}`, value[1]) : value),
  figure: (cell, value) => cell.append(value.toLocaleString("zh-CN", { maximumFractionDigits: 6 })),
  points: (cell, value) => cell.append(...points(value)),
  share: (cell, value) => cell.append(Math.round(value * 100) + "%"),
  quotes: (cell, value) => cell.append(quoted(value)),
};
const labelOf = (value) => Array.isArray(value) ? value[1] : value;
const words = (value) => Array.isArray(value) ? value.map(words).join(" ") : String(value ?? "");

function drawPanel(panel) {
  const { columns, rows } = data.panels[panel.id];
  const badgeAt = columns.findIndex(([, kind]) => kind === "badge");
  const texts = rows.map((row) => words(row).toLowerCase());
  const chips = [...panel.querySelectorAll("button[data-label]")];
  const search = panel.querySelector("input"), more = panel.querySelector("button.more");
  const body = make("tbody"), table = make("table", "plain facts-table"), head = table.createTHead().insertRow();
  head.append(...columns.map(([label, kind]) => make("th", `c-${kind}`, label)));
  table.append(body);
  panel.querySelector(".mount").replaceChildren(table);
  let found = [], drawnRows = 0;
  function line(row) {
    const node = make("tr");
    columns.forEach(([, kind], n) => {
      const cell = make("td", `c-${kind}`);
      if (row[n] !== null) fillers[kind](cell, row[n]);
      node.append(cell);
    });
    if (Array.isArray(row[badgeAt]) && row[badgeAt][0] === "dimension") node.className = "group";
    return node;
  }
  function add() {
    body.append(...found.slice(drawnRows, drawnRows + PER).map(line));
    drawnRows = Math.min(drawnRows + PER, found.length);
    more.hidden = drawnRows >= found.length;
    panel.querySelector(".shown").textContent = `显示${drawnRows}项，共${found.length}项`;
  }
  function select() {
    const wanted = chips.filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.label);
    const text = search.value.trim().toLowerCase();
    found = rows.filter((row, n) => (!text || texts[n].includes(text)) &&
      (!wanted.length || wanted.includes(labelOf(row[badgeAt]))));
    drawnRows = 0;
    body.replaceChildren();
    add();
  }
  for (const chip of chips) chip.addEventListener("click", () => {
    chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
    select();
  });
  search.addEventListener("input", select);
  more.addEventListener("click", add);
  select();
}
for (const panel of document.querySelectorAll("details.panel")) {
  const draw = () => {
    if (!panel.open || panel.dataset.full) return;
    panel.dataset.full = "1";
    drawPanel(panel);
  };
  panel.addEventListener("toggle", draw);
  draw();
}
