// Findings: filters, keys, and evidence opened in its context.
const rows = [...document.querySelectorAll("details[data-s]")];
const statuses = [...document.querySelectorAll("button[data-status]")];
const percent = (p) =>
  p > 0 && p < 0.01 ? "<1%" : p > 0.99 && p < 1 ? ">99%" : Math.round(p * 100) + "%";

function evidence(item, n, near) {
  const [page, number, start, end, first, last, p, level, path, reasons, flags] = item;
  const node = make("article", near ? "ev near" : "ev");
  const head = make("header");
  head.append(make("b", "", near ? `最接近的表述 ${n + 1}` : `证据 ${n + 1}`));
  head.append(make("span", "", page === null ? `第${number}段` : `第${page}页 · 第${number}段`));
  head.append(make("span", "", `置信度 ${percent(p)}`), make("span", "", `层级 ${level} ${data.levels[level]}`));
  node.append(head, make("p", "path", path.join(" › ")), context(start, end, first, last));
  const why = [...reasons, ...flags.map((f) => data.flags[f])];
  if (why.length) {
    const list = make("ul", "why");
    list.append(...why.map((text) => make("li", "", text)));
    node.append(list);
  }
  return node;
}
function fill(row) {
  if (row.dataset.full) return;
  row.dataset.full = "1";
  const near = "near" in row.dataset;
  const items = data.findings[row.id] || [];
  const body = make("div", "body");
  body.append(...items.map((item, n) => evidence(item, n, near)));
  if (!items.length) body.append(make("p", "soft", "没有可供核对的原文。"));
  row.append(body);
}

const texts = new Map();
const textOf = (row) => {
  if (!texts.has(row)) texts.set(row, row.firstElementChild.textContent.toLowerCase());
  return texts.get(row);
};
function filter() {
  const framework = $("by-framework").value, level = $("by-level").value;
  const text = $("by-text").value.trim().toLowerCase();
  const wanted = statuses.filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.status);
  let shown = 0;
  for (const section of document.querySelectorAll(".framework")) {
    let here = 0;
    const inPlay = !framework || section.dataset.framework === framework;
    for (const row of section.querySelectorAll("details")) {
      const fits = inPlay && (!wanted.length || wanted.includes(row.dataset.s)) &&
        (!level || row.dataset.l === level) && (!text || textOf(row).includes(text));
      row.hidden = !fits;
      here += fits;
    }
    section.hidden = !here;
    shown += here;
  }
  $("shown").textContent = shown === rows.length ? `共${shown}项` : `显示${shown}项，共${rows.length}项`;
  $("none").hidden = shown > 0;
}
function reset() {
  for (const id of ["by-framework", "by-level", "by-text"]) $(id).value = "";
  for (const b of statuses) b.setAttribute("aria-pressed", "false");
  filter();
}
function follow() {
  const anchor = decodeURIComponent(location.hash.slice(1));
  if (showPlace(anchor)) return;
  const row = $(anchor);
  if (!row || row.tagName !== "DETAILS") return;
  if (row.classList.contains("panel")) { row.open = true; return; }
  if (row.hidden || row.closest(".framework").hidden) reset();
  fill(row);
  row.open = true;
  row.scrollIntoView({ block: "start" });
  row.firstElementChild.focus({ preventScroll: true });
}
function move(step) {
  const open = rows.filter((r) => !r.hidden).map((r) => r.firstElementChild);
  const at = open.indexOf(document.activeElement);
  const next = open[at + step];
  if (at >= 0 && next) next.focus();
  return at >= 0;
}

for (const row of rows) row.addEventListener("toggle", () => row.open && fill(row));
for (const b of statuses) b.addEventListener("click", () => {
  b.setAttribute("aria-pressed", String(b.getAttribute("aria-pressed") !== "true"));
  filter();
});
for (const id of ["by-framework", "by-level"]) $(id).addEventListener("change", filter);
$("by-text").addEventListener("input", filter);
$("reset").addEventListener("click", reset);
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT)$/.test(document.activeElement.tagName);
  if (event.key === "/" && !typing) { event.preventDefault(); $("by-text").focus(); }
  else if (event.key === "Escape" && !$("place").open) reset();
  else if (!typing && event.key === "ArrowDown" && move(1)) event.preventDefault();
  else if (!typing && event.key === "ArrowUp" && move(-1)) event.preventDefault();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (link && link.getAttribute("href") === location.hash) follow();
});
$("place-close").addEventListener("click", () => $("place").close());
window.addEventListener("hashchange", follow);
follow();
