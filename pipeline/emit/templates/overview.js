// The year's list: filters, order, pages.
const PAGE = 100;
const [STATUS, ID, FILE, COMPANY, INDUSTRY, DISTRICT, YEAR, PAGES, CHARS, EXPERT, LEVELS, SHARES, REASON,
  QUALITY, BAND, DIMENSIONS, ERRORS, DOUBTS, ALARMS, PERCENTILE, IN_INDUSTRY, BEYOND] = Array(22).keys();
const sum = (list) => list.reduce((a, b) => a + b, 0);
const depth = (levels) => levels && sum(levels) ? sum(levels.map((v, n) => v * n)) / sum(levels) : null;
const number = (v) => v === null ? "" : v.toLocaleString("zh-CN");
const rank = Object.fromEntries(Object.keys(data.statuses).map((s, n) => [s, n]));

function mix(levels) {
  const total = levels ? sum(levels) : 0;
  const cell = make("td");
  if (!total) return cell;
  const svg = drawn("svg", { viewBox: "0 0 90 12", width: 90, height: 12, role: "img" });
  let at = 0;
  levels.forEach((v, n) => {
    const wide = 90 * v / total;
    svg.append(drawn("rect", { class: `lv${n}`, x: at.toFixed(1), width: wide.toFixed(1), height: 12 }));
    at += wide;
  });
  const title = drawn("title", {});
  title.textContent = levels.map((v, n) => `层级${n}：${v}段`).join("，");
  svg.prepend(title);
  cell.append(svg);
  return cell;
}
function share(found) {
  const cell = make("td", "heat");
  if (!found) return cell;
  const [weighted, low, high] = found;
  cell.className = `heat h${Math.min(Math.floor(weighted * 6), 5)}`;
  cell.textContent = Math.round(weighted * 100) + "%";
  cell.title = `90%区间 ${Math.round(low * 100)}%–${Math.round(high * 100)}%`;
  return cell;
}
function scored(value, band) {
  const cell = make("td", "heat");
  if (value === null) return cell;
  cell.className = `heat h${Math.min(Math.floor(value * 6 / 100), 5)}`;
  cell.append(make("div", "", value.toFixed(1)), make("div", "small soft", band));
  return cell;
}
function profile(row) {
  const cell = make("td"), scores = row[DIMENSIONS];
  if (scores.every((score) => score === null)) return cell;
  const svg = drawn("svg", { viewBox: `0 0 ${12 * scores.length} 32`, width: 12 * scores.length, height: 32, role: "img" });
  const title = drawn("title", {});
  title.textContent = data.dimensions.map((name, n) => `${name} ${scores[n] === null ? "—" : scores[n].toFixed(1)}`).join("，");
  svg.append(title);
  scores.forEach((score, n) => {
    const high = (score ?? 0) * 0.3 + 1;
    svg.append(drawn("rect", { class: "track", x: 12 * n, y: 1, width: 9, height: 31 }),
      drawn("rect", { class: "fill", x: 12 * n, y: (32 - high).toFixed(1), width: 9, height: high.toFixed(1) }));
  });
  cell.append(svg);
  return cell;
}
function standing(row) {
  const parts = [["年度", row[PERCENTILE]], ["行业", row[IN_INDUSTRY]]].filter((part) => part[1] !== null);
  const cell = make("td", "num");
  cell.append(...parts.map(([name, p]) => make("div", "small", `${name} ${Math.round(p)}`)));
  if (row[BEYOND] !== null) cell.title = `比同篇幅的报告${row[BEYOND] < 0 ? "低" : "高"}${Math.abs(row[BEYOND]).toFixed(1)}分`;
  return cell;
}
const alarming = (at, tone) => (row) => {
  const cell = make("td", "num");
  if (row[at]) cell.append(make("span", `badge ${tone}`, row[at]));
  else cell.textContent = row[at] ?? "";
  return cell;
};
function links(row) {
  const cell = make("td", "tight");
  if (row[PAGES] === null) return cell;
  for (const [kind, text] of [["html", "网页"], ["xlsx", "表格"]]) {
    const link = make("a", "", text);
    link.href = `./${encodeURIComponent(row[ID])}/sheet.${kind}`;
    cell.append(link, " ");
  }
  return cell;
}
function name(row) {
  const cell = make("td", "name");
  cell.append(make("div", "", row[COMPANY] || row[FILE]));
  if (row[COMPANY]) cell.append(make("div", "soft small", row[FILE]));
  if (row[REASON]) cell.append(make("div", "small", row[REASON]));
  return cell;
}
function status(row) {
  const cell = make("td", "tight");
  cell.append(make("span", `badge ${row[STATUS]}`, data.statuses[row[STATUS]]));
  return cell;
}
const plain = (at, cls) => (row) => make("td", cls, row[at] ?? "");
const figure = (at) => (row) => make("td", "num", number(row[at]));
const columns = [
  ["状态", (r) => rank[r[STATUS]], status],
  ["企业与文件", (r) => r[COMPANY] || r[FILE], name],
  ["打开", null, links],
  ["行业", (r) => r[INDUSTRY], plain(INDUSTRY, "some")],
  ["所在区", (r) => r[DISTRICT], plain(DISTRICT, "tight")],
  ["年度", (r) => r[YEAR], plain(YEAR, "num"), "num"],
  ["页数", (r) => r[PAGES], figure(PAGES), "num"],
  ["字数", (r) => r[CHARS], figure(CHARS), "num"],
  ...data.frameworks.map(([short, draft], n) =>
    [draft ? `${short}（草案）` : short, (r) => r[SHARES][n] && r[SHARES][n][0], (r) => share(r[SHARES][n]), "num"]),
  ["待专家", (r) => r[EXPERT], figure(EXPERT), "num"],
  ...(data.dimensions.length ? [
    ["质量总分", (r) => r[QUALITY], (r) => scored(r[QUALITY], r[BAND]), "num"],
    ["百分位", (r) => r[PERCENTILE], standing, "num"],
    ["各维度", null, profile],
  ] : []),
  ["矛盾", (r) => r[ERRORS], alarming(ERRORS, "error"), "num"],
  ["疑点", (r) => r[DOUBTS], alarming(DOUBTS, "doubt"), "num"],
  ["警示", (r) => r[ALARMS], alarming(ALARMS, "error"), "num"],
  ["层级构成", (r) => depth(r[LEVELS]), (r) => mix(r[LEVELS])],
];

const state = { by: null, down: false, page: 0, rows: data.rows };
const order = new Intl.Collator("zh-CN", { numeric: true });
function compare(a, b) {
  if (a === b) return 0;
  if (a === null || a === undefined || a === "") return 2;  // what is missing stays last
  if (b === null || b === undefined || b === "") return -2;
  return Math.sign(typeof a === "string" ? order.compare(a, b) : a - b);
}
function select() {
  const text = $("by-text").value.trim().toLowerCase();
  const fits = [["by-status", STATUS], ["by-industry", INDUSTRY], ["by-district", DISTRICT]]
    .map(([id, at]) => [$(id).value, at]).filter(([value]) => value);
  state.rows = data.rows.filter((row) => fits.every(([value, at]) => row[at] === value) &&
    (!text || `${row[COMPANY]}\n${row[FILE]}`.toLowerCase().includes(text)));
  if (state.by !== null) {
    const key = columns[state.by][1];
    const keyed = state.rows.map((row) => [key(row), row]);
    keyed.sort((a, b) => {
      const way = compare(a[0], b[0]);
      return state.down && Math.abs(way) !== 2 ? -way : way;
    });
    state.rows = keyed.map((pair) => pair[1]);
  }
  state.page = 0;
  draw();
}
function draw() {
  const pages = Math.max(Math.ceil(state.rows.length / PAGE), 1);
  const shown = state.rows.slice(state.page * PAGE, state.page * PAGE + PAGE);
  $("rows").replaceChildren(...shown.map((row) => {
    const line = make("tr");
    line.append(...columns.map((column) => column[2](row)));
    return line;
  }));
  $("shown").textContent = `${state.rows.length}份，共${data.rows.length}份`;
  $("leaf").textContent = `第${state.page + 1}页，共${pages}页`;
  $("before").disabled = state.page === 0;
  $("after").disabled = state.page + 1 >= pages;
  $("heads").querySelectorAll("th").forEach((th, n) =>
    th.setAttribute("aria-sort", n !== state.by ? "none" : state.down ? "descending" : "ascending"));
}
function sortBy(n) {
  const number = columns[n][3] === "num";
  state.down = state.by === n ? !state.down : number;
  state.by = n;
  select();
}
function turn(step) {
  state.page += step;
  draw();
  $("heads").scrollIntoView({ block: "center" });
}

columns.forEach(([label, key, , cls], n) => {
  const head = make("th", cls);
  head.scope = "col";
  const button = make("button", "", label);
  button.type = "button";
  button.disabled = !key;
  if (key) button.addEventListener("click", () => sortBy(n));
  head.append(button);
  $("heads").append(head);
});
for (const [id, at] of [["by-industry", INDUSTRY], ["by-district", DISTRICT]]) {
  const names = [...new Set(data.rows.map((row) => row[at]))].filter(Boolean).sort(order.compare);
  $(id).append(...names.map((value) => new Option(value, value)));
}
for (const id of ["by-status", "by-industry", "by-district"]) $(id).addEventListener("change", select);
$("by-text").addEventListener("input", select);
$("before").addEventListener("click", () => turn(-1));
$("after").addEventListener("click", () => turn(1));
$("reset").addEventListener("click", () => {
  for (const id of ["by-status", "by-industry", "by-district", "by-text"]) $(id).value = "";
  state.by = null;
  select();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || /^(INPUT|SELECT)$/.test(document.activeElement.tagName)) return;
  event.preventDefault();
  $("by-text").focus();
});
select();
