/* The desk's own script: keys, places on the page, picking evidence. No eval, no inline handlers. */
(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const desk = document.querySelector("main.desk");
  const points = (text) => [...text].length; // offsets count code points, not UTF-16 units
  const show = (node, on) => { if (node) node.hidden = !on; };

  document.addEventListener("click", (event) => {
    const opens = event.target.closest("[data-open]"), closes = event.target.closest("[data-close]");
    if (opens) $(opens.dataset.open).showModal();
    if (closes) { const box = $(closes.dataset.close); box.close ? box.close() : show(box, false); }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });
  const bar = document.querySelector("[data-again]"); // a page that reloads itself while work runs
  if (bar) setTimeout(() => location.reload(), 1000 * Number(bar.dataset.again));
  if (!desk) return;

  const base = desk.dataset.report, leaves = $("leaves");
  const leafOf = (n) => $(`leaf-${n}`);

  // --- places: load a leaf's letters, draw the rectangles, bring them into sight
  const letters = (leaf) => {
    const place = leaf.querySelector(".letters");
    place.loaded ??= fetch(place.dataset.src).then((answer) => answer.ok ? answer.text() : "此页暂时无法显示。")
      .then((html) => { place.innerHTML = html; });
    return place.loaded;
  };
  const near = new IntersectionObserver((seen) => seen.forEach((one) => {
    if (one.isIntersecting) { near.unobserve(one.target); letters(one.target); }
  }), { root: leaves, rootMargin: "300px" });
  leaves.querySelectorAll(".leaf").forEach((leaf) => near.observe(leaf));
  const wipe = () => {
    desk.querySelectorAll("svg.hits").forEach((svg) => svg.replaceChildren());
    desk.querySelectorAll(".hit").forEach((node) => node.classList.remove("hit"));
    window.CSS?.highlights?.delete("evidence");
  };
  const box = (svg, sizes) => {
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    Object.entries(sizes).forEach(([name, value]) => rect.setAttribute(name, value));
    svg.append(rect);
    return rect;
  };
  const part = (unit, start, end) => { // the letters of a sentence that are meant
    const whole = [...unit.textContent], first = +unit.dataset.start;
    const at = (n) => whole.slice(0, Math.min(Math.max(n - first, 0), whole.length)).join("").length;
    const range = document.createRange();
    range.setStart(unit.firstChild, at(start));
    range.setEnd(unit.firstChild, at(end));
    return range;
  };
  const draw = (shape) => {
    for (const part of shape.split(";").filter(Boolean)) {
      const [page, x, y, width, height] = part.split(" ").map(Number);
      const svg = leafOf(page)?.querySelector("svg.hits");
      if (!svg) continue;
      box(svg, { x: x - 2, y: y - 1.5, width: width + 4, height: height + 3, rx: 2 });
    }
  };
  let found = null, seeking = 0; // on pages laid out anew: where the words were found
  const placed = async (data) => {
    if (!desk.dataset.laid) return data;
    const answer = await fetch(`${base}/layout/find?start=${data.start}&end=${data.end}`);
    return answer.ok ? answer.json() : { leaf: 0 };
  };
  const seek = async (data) => {
    const mine = ++seeking;
    const { shape = "", leaf, start, end } = found = await placed(data);
    if (mine !== seeking) return; // another was asked for meanwhile
    const there = leafOf(leaf);
    wipe();
    show($("lost"), !there);
    if (!there) { leaves.scrollTop = 0; return; }
    draw(shape);
    if (!there.querySelector("svg.hits rect")) {
      there.scrollIntoView({ block: "start" });
      await letters(there);
      const told = units(leaves).filter((u) => +u.dataset.start < end && +u.dataset.end > start);
      told.forEach((u) => u.classList.add("hit"));
      if (window.Highlight) CSS.highlights.set("evidence", new Highlight(...told.map((u) => part(u, start, end))));
    }
    const first = there.querySelector("svg.hits rect, .hit") || there;
    const spot = first.getBoundingClientRect(), frame = leaves.getBoundingClientRect();
    leaves.scrollTop += spot.top - frame.top - frame.height * (first === there ? 0 : 0.28);
    $("go").value = leaf;
  };
  const seekButton = (button) => {
    desk.querySelectorAll("button[aria-pressed]").forEach((b) => b.setAttribute("aria-pressed", b === button));
    return seek(button.dataset);
  };
  const firstEvidence = () => {
    const button = $("card").querySelector("button.ev");
    button ? seekButton(button) : wipe();
  };
  desk.addEventListener("click", (event) => {
    const other = event.target.closest("a.switch"), now = current();
    if (other && now) other.href = `${now.getAttribute("href")}&show=${other.dataset.show}`; // this finding
    const button = event.target.closest("button[data-leaf]");
    if (button) seekButton(button);
  });
  $("go").addEventListener("change", (event) => leafOf(event.target.value)?.scrollIntoView({ block: "start" }));

  // --- the list of indicators
  const current = () => $("queue").querySelector("a[aria-current]");
  const become = (link) => {
    current()?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "true");
    link?.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const all = [...$("queue").querySelectorAll("a")], at = all.indexOf(current());
    const next = all[at < 0 ? 0 : at + by];
    if (next) { become(next); next.click(); }
    return Boolean(next);
  };
  // Keys pressed while a card is on its way are meant for that card, never for the one still shown.
  let busy = false, waiting = [], within = false, settled = null, latest = null;
  const ready = () => {
    busy = false;
    while (waiting.length && !busy) waiting.shift()();
  };
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (busy && event.target.id === "decide") return event.preventDefault();
    if (event.target.closest("#queue")) become(event.target.closest("a"));
    if (event.detail.target?.id !== "card") return;
    busy = true;
    latest = event.detail.xhr;
    within ||= $("card").contains(document.activeElement);
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => { // a card that came too late
    const { xhr, target, requestConfig } = event.detail;
    if (target.id === "card" && requestConfig.verb === "get" && xhr !== latest) event.detail.shouldSwap = false;
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "found") show($("found"), true);
    if (event.target.id === "card") {
      $("card").scrollTop = 0;
      unpickAll();
      firstEvidence();
    }
  });
  document.body.addEventListener("htmx:afterSettle", (event) => { // only now its links and form are htmx's
    if (event.target.id === "queue") { const first = $("queue").querySelector("a"); first ? first.click() : wipe(); }
    if (!$("card").contains(event.target) || event.detail.xhr === settled) return;
    settled = event.detail.xhr; // the event comes once for each new element
    if (event.detail.xhr.getResponseHeader("HX-Trigger-After-Settle")) return; // the next follows
    if (within) $("card").focus({ preventScroll: true });
    within = false;
    setTimeout(ready); // when this request is done with
  });
  document.addEventListener("submit", (event) => { // never by the browser itself
    if (event.target.id === "decide") event.preventDefault();
  });
  document.body.addEventListener("saved", () => { if (!step(1)) ready(); });
  document.body.addEventListener("htmx:sendError", () => { waiting = []; busy = false; });
  document.body.addEventListener("htmx:responseError", (event) => {
    waiting = [];
    busy = false;
    if (event.detail.xhr.status === 401) location.href = "/login";
    else if (event.detail.target?.id === "card") $("card").textContent = "报告更新后不再有这一项。";
  });

  // --- other evidence: with the mouse, or line by line with the arrow keys
  let cursor = null, anchor = null, chosen = null;
  const units = (leaf) => [...leaf.querySelectorAll("[data-start]")];
  const offer = (start, end, words) => {
    chosen = start < end ? { start, end, words } : null;
    show($("picker"), chosen);
    if (chosen) $("picked").textContent = `已选 ${points(words)} 字：${words}`;
  };
  const unpaint = () => {
    leaves.querySelectorAll("rect.pick").forEach((rect) => rect.remove());
    leaves.querySelectorAll(".picked, .at").forEach((u) => u.classList.remove("picked", "at"));
  };
  const tint = (unit) => { // letters over a picture are unseen: a rectangle shows them
    if (!unit.getBBox) return unit.classList.add("picked");
    const { x, y, width, height } = unit.getBBox();
    const rect = box(unit.closest(".sheet").querySelector("svg.hits"), { x, y, width, height });
    rect.setAttribute("class", unit === cursor ? "pick at" : "pick");
  };
  const unpickAll = () => {
    cursor = anchor = null;
    unpaint();
    offer(0, 0, "");
  };
  const edge = (node, offset) => {
    const unit = (node.nodeType === 3 ? node.parentElement : node).closest("[data-start]");
    if (!unit) return null;
    const range = document.createRange();
    range.selectNodeContents(unit);
    range.setEnd(node, offset);
    return +unit.dataset.start + points(range.toString());
  };
  const selected = () => {
    const range = getSelection().rangeCount && !getSelection().isCollapsed ? getSelection().getRangeAt(0) : null;
    if (!range || !leaves.contains(range.commonAncestorContainer) || !$("decide")) return;
    const inside = units(leaves).filter((u) => range.intersectsNode(u));
    if (!inside.length) return;
    const start = edge(range.startContainer, range.startOffset) ?? +inside[0].dataset.start;
    const end = edge(range.endContainer, range.endOffset) ?? +inside.at(-1).dataset.end;
    offer(Math.min(start, end), Math.max(start, end), getSelection().toString());
  };
  leaves.addEventListener("mouseup", () => setTimeout(selected, 0));
  leaves.addEventListener("touchend", () => setTimeout(selected, 50));
  const paint = () => {
    const all = units(leaves), [from, to] = [all.indexOf(anchor), all.indexOf(cursor)].sort((a, b) => a - b);
    const span = all.slice(from, to + 1);
    unpaint();
    span.forEach(tint);
    cursor.classList.add("at");
    cursor.scrollIntoView({ block: "nearest" });
    offer(+span[0].dataset.start, +span.at(-1).dataset.end, span.map((u) => u.textContent).join(""));
  };
  const startPicking = async () => {
    if (!$("decide")) return;
    const frame = leaves.getBoundingClientRect();
    const pressed = $("card").querySelector("button.ev[aria-pressed=true]");
    const at = pressed && (desk.dataset.laid ? found : pressed.dataset);
    const here = at && leafOf(at.leaf) || [...leaves.querySelectorAll(".leaf")].find((l) => l.getBoundingClientRect().bottom > frame.top + 60);
    await letters(here);
    const all = units(here);
    cursor = anchor = all.find((u) => at && +u.dataset.end > +at.start)
      || all.find((u) => u.getBoundingClientRect().top > frame.top) || all[0];
    if (cursor) { leaves.focus(); paint(); }
  };
  const movePick = async (by, extend) => {
    const all = units(leaves), next = all[all.indexOf(cursor) + by];
    if (!next) return;
    cursor = next;
    if (!extend) anchor = next;
    paint();
    const leaf = next.closest(".leaf"), beyond = by > 0 ? leaf.nextElementSibling : leaf.previousElementSibling;
    if (beyond?.matches(".leaf")) await letters(beyond);
  };
  const take = () => {
    if (!chosen || !$("decide")) return;
    $("pick-start").value = chosen.start;
    $("pick-end").value = chosen.end;
    $("pick-laid").value = desk.dataset.laid || "";
    $("pickwords").textContent = chosen.words;
    show($("pickbox"), true);
    unpickAll();
    getSelection().removeAllRanges();
    $("decide").querySelector("input[name=verdict]:checked, input[name=verdict]").focus();
  };
  $("take").addEventListener("click", take);
  $("drop").addEventListener("click", unpickAll);
  desk.addEventListener("click", (event) => {
    if (event.target.closest("#pick")) startPicking();
    if (event.target.closest("#unpick")) {
      $("pick-start").value = $("pick-end").value = "";
      show($("pickbox"), false);
    }
  });

  // --- keys
  const single = $("single-keys");
  try { single.checked = localStorage.getItem("single-keys") !== "off"; } catch { /* kept for this page only */ }
  single.addEventListener("change", () => {
    try { localStorage.setItem("single-keys", single.checked ? "on" : "off"); } catch { /* same */ }
  });
  const save = () => $("decide")?.requestSubmit();
  const check = (key) => {
    const box = $("decide")?.querySelector(`input[data-presses~="${key}"]`);
    if (box) { box.checked = true; box.focus(); }
    return Boolean(box);
  };
  const nextEvidence = () => {
    const all = [...$("card").querySelectorAll("button.ev")];
    const at = all.findIndex((b) => b.getAttribute("aria-pressed") === "true");
    if (all.length) seekButton(all[(at + 1) % all.length]);
  };
  const turn = (by) => {
    const n = Math.min(Math.max(1, +$("go").value + by), +$("go").max);
    $("go").value = n;
    leafOf(n).scrollIntoView({ block: "start" });
  };
  const keys = {
    j: () => step(1), k: () => step(-1), v: nextEvidence, s: save, e: startPicking,
    a: () => { if (check("a")) save(); }, r: () => $("remark")?.focus(),
    "/": () => $("q").focus(), "?": () => $("help").showModal(), "[": () => turn(-1), "]": () => turn(1),
    f: () => $("in").focus(),
  };
  const whilePicking = (event) => {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (cursor && by) { movePick(by, event.shiftKey); return true; }
    if (chosen && event.key === "Enter" && !event.target.closest("button")) { take(); return true; }
    if ((cursor || chosen) && event.key === "Escape") { unpickAll(); return true; }
    return false;
  };
  document.addEventListener("keydown", (event) => {
    if ($("help").open) return;
    const typing = event.target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
    if (event.key === "Enter" && event.ctrlKey && $("decide")) { event.preventDefault(); return save(); }
    if (event.key === "Escape" && typing) return event.target.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (whilePicking(event)) return event.preventDefault();
    if (!single.checked) return;
    const known = keys[event.key] || (/^[yxuw0-4]$/.test(event.key) && (() => check(event.key)));
    if (!known) return;
    event.preventDefault();
    busy ? waiting.push(known) : known();
  });
  firstEvidence();
})();
