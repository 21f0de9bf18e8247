"use strict";
(() => {
  const ITEMS_A_PAGE = 20, FINDINGS_AT_ONCE = 40, OPEN_AT_ONCE = 40;
  const $ = (id) => document.getElementById(id);
  const rows = JSON.parse($("rows").textContent), T = JSON.parse($("tables").textContent);
  // a row: [item, page, kind, fields, values, evidence, subject, pages, number of pages]
  // a kind: [check, code, verdict, parts in English, parts in Chinese, clauses, source]
  const ITEM = 0, PAGE = 1, KIND = 2, FIELDS = 3, VALUES = 4, EVIDENCE = 5, SUBJECT = 6, PAGES = 7, COUNT = 8;
  const WEIGHT = { error: 4, fail: 3, review: 2, note: 1 };
  const english = () => $("lang-en").checked;
  const L = (pair) => pair[english() ? 0 : 1];
  const number = (n) => n.toLocaleString("en-GB");
  const say = (name, fields = {}) => spoken(fields.n === "1" && T.words[name + "1"] ? name + "1" : name, fields);
  const spoken = (name, fields) => L(T.words[name]).replace(/\{(\w+)\}/g, (all, key) => (key in fields ? fields[key] : all));

  const el = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child !== null));
    return node;
  };
  const icon = (name) => {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg"), use = document.createElementNS(space, "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", "#i-" + name);
    svg.append(use);
    return svg;
  };
  const badge = (verdict) => el("span", { class: "badge " + verdict }, icon(verdict), L(T.verdicts[verdict]));

  const embedded = new Map(Object.entries(T.pictures));
  for (const image of document.querySelectorAll("img[data-evidence]")) embedded.set(image.dataset.evidence, image.src);
  const picture = (path) => embedded.get(path) ?? path.split("/").map(encodeURIComponent).join("/");

  const field = (text) => (Array.isArray(text) ? L(text) : text);
  const message = (row) => {
    const kind = T.kinds[row[KIND]];
    return kind[english() ? 3 : 4].map((part) => (typeof part === "number" ? field(row[FIELDS][part]) : part)).join("");
  };
  const title = (kind) => (T.checks[kind[0]] ? L(T.checks[kind[0]][0]) : kind[0]);
  const pageName = (row) => {
    const [folder, name, frame] = T.pages[row[PAGE]];
    return [T.folders[folder], name, frame > 1 ? say("frame", { n: frame }) : ""];
  };
  const subject = (row) => field(row[SUBJECT] ?? "");
  const place = (row) => (row[PAGE] < 0 ? subject(row) : pageName(row).slice(0, 2).join(""));
  const itemName = (index) => T.items[index][0] ?? say("batch");
  const itemTitle = (index) => (T.items[index][0] === "" ? say("outside") : itemName(index));

  // what is searched, folded once
  let folded = null;
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const haystack = () => {
    folded ??= {
      items: T.items.map((item) => fold(item[0] ?? "")),
      pages: T.pages.map((page) => fold(T.folders[page[0]] + page[1])),
    };
    return folded;
  };

  const state = { query: "", check: "", code: "", verdicts: new Set(["error", "fail", "review"]), order: "worst", start: 0 };
  let groups = [];

  const weightOf = (row) => WEIGHT[T.kinds[row[KIND]][2]];
  const byPage = (a, b) => {  // findings about the whole item first
    if (a === b || a < 0 || b < 0) return a - b;
    const [one, other] = [T.pages[a], T.pages[b]], left = T.folders[one[0]] + one[1], right = T.folders[other[0]] + other[1];
    return left < right ? -1 : left > right ? 1 : one[2] - other[2];
  };
  const select = () => {
    const query = fold(state.query.trim()), hay = query ? haystack() : null, found = new Map(), counts = {};
    let shown = 0;
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index], kind = T.kinds[row[KIND]];
      if (state.check && kind[0] !== state.check) continue;
      if (state.code && kind[1] !== state.code) continue;
      if (query && !hay.items[row[ITEM]].includes(query)
        && !(row[PAGE] >= 0 && hay.pages[row[PAGE]].includes(query))
        && !(row[SUBJECT] && fold(subject(row)).includes(query))) continue;
      counts[kind[2]] = (counts[kind[2]] ?? 0) + 1;
      if (!state.verdicts.has(kind[2])) continue;
      shown++;
      let group = found.get(row[ITEM]);
      if (!group) found.set(row[ITEM], (group = { item: row[ITEM], rows: [], weight: 0, score: 0 }));
      group.rows.push(row);
      const weight = WEIGHT[kind[2]];
      if (weight > group.weight) { group.weight = weight; group.score = 0; }
      if (weight === group.weight) group.score++;
    }
    groups = [...found.values()];
    const batchFirst = (a, b) => (T.items[b.item][0] === null) - (T.items[a.item][0] === null);
    const collator = new Intl.Collator("zh", { numeric: true });
    const byCode = (a, b) => collator.compare(T.items[a.item][0] ?? "", T.items[b.item][0] ?? "");
    groups.sort(state.order === "worst"
      ? (a, b) => batchFirst(a, b) || b.weight - a.weight || b.score - a.score || byCode(a, b)
      : (a, b) => batchFirst(a, b) || byCode(a, b));
    for (const group of groups) group.rows.sort((a, b) => weightOf(b) - weightOf(a) || byPage(a[PAGE], b[PAGE]));
    for (const chip of document.querySelectorAll(".chip")) {
      chip.querySelector("b").textContent = number(counts[chip.querySelector("input").value] ?? 0);
    }
    $("count").textContent = say("shown", { n: number(shown), total: number(rows.length), items: number(groups.length) });
  };

  const facts = (row) => {
    const values = row[VALUES], [value, limit] = values.length > 2 && !english() ? values.slice(2) : values;
    const entries = [["measured", value], ["limit", limit]].filter((entry) => entry[1]);
    if (!entries.length) return null;
    return el("dl", { class: "facts" }, ...entries.map(([word, text]) => el("div", {}, el("dt", {}, say(word)), el("dd", {}, text))));
  };
  const where = (row) => {
    if (row[PAGE] >= 0) {
      const [folder, name, frame] = pageName(row);
      return el("div", { class: "where" }, el("bdi", {}, folder, el("b", {}, name)), frame ? " · " + frame : "");
    }
    const pages = row[PAGES] ?? [], rest = (row[COUNT] ?? 0) - pages.length;
    return el("div", { class: "where" }, el("bdi", {}, el("b", {}, subject(row))),
      pages.length ? el("div", {}, el("bdi", {}, pages.join(" · ")), rest > 0 ? " " + say("andmore", { n: number(rest) }) : "") : "");
  };
  const manual = (kind) => {
    const card = T.checks[kind[0]];
    if (!card || !(L(card[2]) || L(card[3]))) return null;
    const details = el("details", { class: "manual" }, el("summary", {}, say("manual")));
    if (L(card[2])) details.append(el("p", {}, el("b", {}, say("why")), " ", L(card[2])));
    if (L(card[3])) details.append(el("p", {}, el("b", {}, say("remedy")), " ", L(card[3])));
    return details;
  };
  const finding = (row) => {
    const kind = T.kinds[row[KIND]], name = place(row), text = message(row);
    const basis = [L(kind[5]), kind[6] ? L(T.sources[kind[6]]) : ""].filter(Boolean).join(" · ");
    const body = el("div", {},
      el("h3", {}, badge(kind[2]), el("span", {}, title(kind)), el("code", { class: "key" }, kind[0] + "/" + kind[1])),
      el("div", { class: "message" }, text), where(row), facts(row),
      basis ? el("p", { class: "basis" }, basis) : null, manual(kind));
    if (!row[EVIDENCE]) return el("article", { class: "finding bare" }, body);
    const alt = say("picture", { defect: title(kind), page: name });
    const image = el("img", { src: picture(row[EVIDENCE]), alt, loading: "lazy" });
    const button = el("button", { type: "button", class: "thumb", title: say("enlarge") }, image);
    button.addEventListener("click", () => view(image.src, name + " · " + text, alt));
    return el("article", { class: "finding" }, button, body);
  };

  const fill = (details, group) => {
    let next = 0;
    const more = el("button", { type: "button", class: "link more" });
    const step = () => {
      const piece = group.rows.slice(next, next + FINDINGS_AT_ONCE);
      next += piece.length;
      more.before(...piece.map(finding));
      const rest = group.rows.length - next;
      more.hidden = rest === 0;
      more.textContent = say("more", { n: number(Math.min(rest, FINDINGS_AT_ONCE)) }) + " (" + number(rest) + ")";
    };
    more.addEventListener("click", step);
    details.append(more);
    step();
  };
  const drawItem = (group, open) => {
    const [, pages, rework, notes, media] = T.items[group.item];
    const worst = Object.keys(WEIGHT).find((word) => WEIGHT[word] === group.weight);
    const tally = [pages ? say("pages", { n: number(pages) }) : "", media ? say("media", { n: number(media) }) : "", rework ? say("rework", { n: number(rework) }) : "", notes ? say("notes", { n: number(notes) }) : ""];
    const details = el("details", { class: "item" }, el("summary", {}, badge(worst),
      el("span", { class: "code" }, el("bdi", {}, itemTitle(group.item))),
      el("span", { class: "tally" }, tally.filter(Boolean).join(" · "))));
    details.addEventListener("toggle", () => { if (details.open && details.childElementCount === 1) fill(details, group); });
    if (open) { fill(details, group); details.open = true; }
    return details;
  };
  const draw = () => {
    const shown = groups.slice(state.start, state.start + ITEMS_A_PAGE), items = $("items"), pager = $("pager");
    let budget = OPEN_AT_ONCE;
    items.replaceChildren(...shown.map((group, index) => {
      const open = index === 0 || group.rows.length <= budget;
      if (open) budget -= group.rows.length;
      return drawItem(group, open);
    }));
    if (!groups.length) items.append(el("p", { class: "empty" }, say(rows.length ? "none" : "clean")));
    const go = (word, start, possible) => {
      const button = el("button", { type: "button", class: "link" }, say(word));
      button.disabled = !possible;
      button.addEventListener("click", () => { state.start = start; draw(); $("app").scrollIntoView(); });
      return button;
    };
    const last = state.start + shown.length;
    pager.hidden = groups.length <= ITEMS_A_PAGE;
    pager.replaceChildren(go("previous", state.start - ITEMS_A_PAGE, state.start > 0),
      el("span", {}, say("place", { first: number(state.start + 1), last: number(last), total: number(groups.length) })),
      go("next", state.start + ITEMS_A_PAGE, last < groups.length));
  };
  const refresh = () => { state.start = 0; select(); draw(); };

  const view = (source, text, alt) => {
    $("viewer-image").src = source;
    $("viewer-image").alt = alt;
    $("viewer-title").textContent = text;
    $("viewer-close").textContent = say("close");
    $("viewer").showModal();
  };
  $("viewer").addEventListener("click", (event) => { if (event.target === $("viewer")) $("viewer").close(); });

  const fillChecks = () => {
    const defects = new Map();
    for (const row of rows) {
      const kind = T.kinds[row[KIND]];
      for (const key of [kind[0], kind[0] + "/" + kind[1]]) defects.set(key, (defects.get(key) ?? 0) + 1);
    }
    const options = [el("option", { value: "" }, say("all"))];
    for (const key of [...defects.keys()].sort()) {
      const [check, code] = key.split("/");
      const text = code === undefined ? title([check]) : "\u2003" + (T.defects[key] ? L(T.defects[key]) : code);
      options.push(el("option", { value: key }, text + " (" + number(defects.get(key)) + ")"));
    }
    $("check").replaceChildren(...options);
    setCheck(state.check + (state.code ? "/" + state.code : ""));
  };
  const setCheck = (key) => {
    [state.check, state.code] = [...key.split("/"), ""];
    $("check").value = key;
  };

  const language = () => {
    const word = english() ? "en" : "zh";
    document.documentElement.lang = english() ? "en" : "zh-Hans";
    for (const node of document.querySelectorAll("[data-label-zh]")) node.setAttribute("aria-label", node.getAttribute("data-label-" + word));
    for (const node of document.querySelectorAll("option[data-zh]")) node.textContent = node.getAttribute("data-" + word);
    $("expand").textContent = say("expand");
    $("collapse").textContent = say("collapse");
    fillChecks();
    refresh();
  };

  let timer = 0;
  $("q").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => { state.query = $("q").value; refresh(); }, 120);
  });
  document.querySelector(".toolbar").addEventListener("submit", (event) => event.preventDefault());
  $("check").addEventListener("change", () => { setCheck($("check").value); refresh(); });
  $("order").addEventListener("change", () => { state.order = $("order").value; refresh(); });
  for (const box of document.querySelectorAll("input[name=severity]")) {
    box.checked = state.verdicts.has(box.value);
    box.addEventListener("change", () => {
      if (box.checked) state.verdicts.add(box.value); else state.verdicts.delete(box.value);
      refresh();
    });
  }
  for (const radio of document.querySelectorAll("input[name=lang]")) radio.addEventListener("change", language);
  for (const [id, open] of [["expand", true], ["collapse", false]]) {
    $(id).addEventListener("click", () => { for (const details of document.querySelectorAll("#items > details")) details.open = open; });
  }
  for (const button of document.querySelectorAll("button[data-show]")) {
    const [check, code] = button.dataset.show.split("/");
    button.hidden = !T.kinds.some((kind) => kind[0] === check && (!code || kind[1] === code));
    button.addEventListener("click", () => {
      setCheck(button.dataset.show);
      for (const box of document.querySelectorAll("input[name=severity]")) { box.checked = true; state.verdicts.add(box.value); }
      refresh();
      $("h-findings").scrollIntoView();
    });
  }

  const moreReasons = $("more-reasons");
  if (moreReasons) {
    moreReasons.classList.add("folded");
    $("all-reasons").addEventListener("click", (event) => {
      moreReasons.classList.remove("folded");
      event.currentTarget.hidden = true;
    });
  }

  // report.html#check=skew/over-limit&q=0001&lang=en opens with that filter
  const asked = new URLSearchParams(location.hash.slice(1));
  if (["zh", "en"].includes(asked.get("lang"))) $("lang-" + asked.get("lang")).checked = true;
  if (asked.has("check")) [state.check, state.code] = [...asked.get("check").split("/"), ""];
  if (asked.has("q")) state.query = $("q").value = asked.get("q");

  document.documentElement.classList.add("js");
  $("app").hidden = false;
  language();
})();
