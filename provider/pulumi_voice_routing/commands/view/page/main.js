// The page itself: what is shown for the whole configuration, and for one number.

const main = document.getElementById("main");
const MOST_LINES = 300, MOST_GROUPS = 60;
const FILTERS = [
  ["all", "All", () => true],
  ["changed", "Changes", (row) => row.changed],
  ["gap", "Gaps", (row) => row.gap],
  ["found", "Findings", (row) => findingsOf(row).length > 0],
];
let filter = "all";

const list = new NumberList(document.getElementById("list"), open);

// The whole

function overview() {
  const changed = numbers.filter((row) => row.changed), gaps = numbers.filter((row) => row.gap);
  const elsewhere = numbers.filter((row) => row.elsewhere).length;
  const facts = [["Numbers and extensions", numbers.length - elsewhere], ...(elsewhere ? [["Profiles that no number here leads to", elsewhere]] : []), ...(data.planned ? [["Change for callers", changed.length]] : []),
    ["With hours nobody answers", gaps.length, gaps.length > 0],
    ...(gaps.length ? [[`Nobody answers now (${hereNow()})`, closed(gaps), closed(gaps) > 0]] : []), ...(data.verdict ? [["Findings of the gate", data.findings.length, data.findings.some((one) => one.level === "refused")]] : []),
    ...(data.drift ? [["Changed outside the program", data.drift.length, data.drift.length > 0]] : [])];
  const unused = Object.entries(data.unused);
  main.replaceChildren(
    element("h2", {}, data.title),
    element("p", { class: "under" }, data.verdict ? `Phone routing: ${data.verdict}` : data.source),
    element("dl", { class: "facts" }, ...facts.map(([name, value, bad]) => element("div", { class: bad ? "bad" : "" }, element("dt", {}, name), element("dd", {}, value.toLocaleString("en"))))),
    numbers.length ? "" : section("Nothing here", element("p", {}, "No number, extension or ring group is part of this configuration, so there is no way of a call to show.")),
    data.planned ? section("What changes for callers", changed.length ? sentences(changed) : element("p", {}, "Every call ends where it does now.")) : "",
    data.errors.length ? section("Not read", element("ul", { class: "sentences" }, ...data.errors.map((one) => element("li", {}, one)))) : "",
    data.findings.length ? section("Findings of the gate", findingList(data.findings)) : "",
    data.drift ? section("Changed outside the program", data.drift.length ? findingList(data.drift) : element("p", {}, "Everything is as the stack knows it.")) : "",
    !data.planned && gaps.length ? section("Hours in which nobody answers", gapList(gaps)) : "",
    !data.planned && numbers.length ? section("Where calls go", ends()) : "",
    unused.length ? section("Reached by no call", ...unused.map(([noun, names]) =>
      element("details", {}, element("summary", {}, `${names.length} ${noun}${names.length === 1 ? "" : "s"}`), element("p", {}, names.join(", "))))) : "",
  );
}

function section(title, ...children) {
  const id = "s-" + title.toLowerCase().replace(/\W+/g, "-");
  return element("section", { "aria-labelledby": id }, element("h3", { id }, title), ...children);
}

// Numbers that change alike are one sentence.
function sentences(rows) {
  const alike = new Map();
  for (const row of rows) {
    for (const [what, , , changes] of row.calls) {
      if (!changes.length) continue;
      const key = what + JSON.stringify(changes);
      if (!alike.has(key)) alike.set(key, { what, changes, rows: [] });
      alike.get(key).rows.push(row);
    }
  }
  const lines = [...alike.values()].flatMap(({ what, changes, rows: those }) => changes.map((change) => element("li", {}, numberLinks(those), what ? ` ${what}` : "", sentence(change))));
  return element("ul", { class: "sentences" }, ...lines.slice(0, MOST_LINES), lines.length > MOST_LINES ? element("li", {}, `and ${lines.length - MOST_LINES} more, which the list of numbers has`) : "");
}

function sentence(change) {
  return element("div", {}, element("span", { class: "when" }, capital(change.when)), ": ",
    element("span", { class: "was" }, data.outcomes[change.before].w), element("span", { class: "arrow-word" }, " becomes "), data.outcomes[change.after].w);
}

function numberLinks(rows) {
  const some = rows.slice(0, 5);
  const links = some.flatMap((row, place) => [place ? ", " : "", element("button", { type: "button", onclick: () => open(row) }, row.shown)]);
  return element("span", {}, ...links, rows.length > some.length ? ` and ${rows.length - some.length} more` : "");
}

// How many of them have nobody who answers now, if the vendor's clock is that of whoever looks.
function closed(rows) {
  return rows.filter((row) => data.outcomes[outcomeNow(weekOf(row.calls[0]))].tone === "gap").length;
}

// Numbers with the same gaps are one line, with their week and why nobody answers.
function gapList(rows) {
  const most = alike(rows);
  return element("ul", { class: "sentences" }, ...most.slice(0, MOST_LINES).map((those) => element("li", { class: "group" }, numberLinks(those),
    dayStrip(weekOf(those[0].calls[0])), element("div", { class: "was" }, gapWords(those[0])))), andMore(most.length - MOST_LINES));
}

// Rows whose calls have the same weeks; the largest groups first.
function alike(rows) {
  const found = new Map();
  for (const row of rows) {
    const key = JSON.stringify(row.calls.map(([what, , weeks]) => [what, weeks[weeks.length - 1]]));
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(row);
  }
  return [...found.values()].sort((one, other) => other.length - one.length);
}

// What a title does not tell is said in full: why nobody answers, or why nobody can tell.
function shortText(outcome) {
  return outcome.tone === "gap" || outcome.tone === "unknown" ? capital(outcome.w) : outcome.t;
}

function weekOf([, , weeks]) {
  return data.weeks[weeks[weeks.length - 1]];
}

function andMore(many) {
  return many > 0 ? element("li", {}, `and ${many.toLocaleString("en")} more ways, which the list of numbers has`) : "";
}

// Numbers that are answered alike, with who answers and for how long.
function ends() {
  const most = alike(numbers);
  return element("ul", { class: "sentences" }, ...most.slice(0, MOST_GROUPS).map((those) => {
    const week = weekOf(those[0].calls[0]);
    return element("li", { class: "group" }, numberLinks(those), dayStrip(week), element("div", { class: "was" }, [...new Set(week.map(([, outcome]) => shortText(data.outcomes[outcome])))].join(" · ")));
  }), andMore(most.length - MOST_GROUPS));
}

// The whole week as one line.
function dayStrip(week) {
  const colour = coloursOf([week]);
  return element("span", { class: "strip", "aria-hidden": "true" }, ...week.map(([start, outcome], place) => {
    const end = place + 1 < week.length ? week[place + 1][0] : 7 * DAY;
    const part = element("span", { class: colour(outcome) });
    part.style.flexGrow = end - start;
    return part;
  }));
}

// For how long nobody answers, or only a part of the calls, and why.
function gapWords(row) {
  const minutes = new Map();
  const of = (week) => week.forEach(([start, outcome], place) => {
    const end = place + 1 < week.length ? week[place + 1][0] : 7 * DAY;
    if (["gap", "part"].includes(data.outcomes[outcome].tone)) minutes.set(outcome, (minutes.get(outcome) || 0) + end - start);
  });
  of(weekOf(row.calls[0]));
  const many = [...minutes.values()].reduce((sum, one) => sum + one, 0);
  if (!many) row.calls.slice(1).forEach((one) => of(weekOf(one)));
  const when = many === 7 * DAY ? "at all hours" : many ? `${hoursText(many)} a week` : "for some calls";
  return `${when}: ${[...minutes.keys()].map((outcome) => data.outcomes[outcome].w).join("; or ")}`;
}

function findingList(those) {
  const lines = together(those);
  return element("ul", { class: "sentences" }, ...lines.slice(0, MOST_LINES).map(([one, ...others]) => element("li", {},
    element("span", { class: "badge " + ({ refused: "refused", warning: "warning", approved: "approved", missing: "missing" }[one.level] || "other") }, one.level), " ",
    element("strong", {}, one.rule), ": ", one.message, ...(others.length ? [" The same for ", numberLinks(others.map((other) => rowsByNumber.get(other.object))), "."] : []),
    one.where ? element("div", { class: "where" }, one.where) : "")),
    lines.length > MOST_LINES ? element("li", {}, `and ${lines.length - MOST_LINES} more`) : "");
}

// What is said alike of many numbers is one line, as in the report of the gate.
function together(those) {
  const lines = new Map();
  for (const one of those) {
    const key = rowsByNumber.has(one.object) ? JSON.stringify([one.level, one.rule, one.message.replaceAll(one.object, "")]) : one;
    if (!lines.has(key)) lines.set(key, []);
    lines.get(key).push(one);
  }
  return [...lines.values()];
}

// One number

function numberPage(row, chosen = 0) {
  const [what, ways, weeks, changes] = row.calls[chosen];
  const tabs = row.calls.length > 1 ? element("div", { class: "tabs", role: "group", "aria-label": "Which calls" }, ...row.calls.map(([name], place) =>
    element("button", { type: "button", "aria-pressed": String(place === chosen), onclick: () => { numberPage(row, place); main.querySelectorAll(".tabs button")[place].focus(); } },
      name ? capital(name) : "All other calls"))) : "";
  const graphs = ways.map((way) => graphOf(row, way));
  const colour = coloursOf(weeks.map((week) => data.weeks[week]));
  const names = ways.length > 1 ? ["Before", "After"] : [""];
  const same = ways.length > 1 && JSON.stringify(graphs[0]) === JSON.stringify(graphs[1]);
  if (ways.length > 1 && !same) compare(...graphs);
  const drawn = same ? [drawing(graphs[1], "The way of calls", row)] : graphs.map((graph, place) => titled(names[place], drawing(graph, `The way of calls ${names[place].toLowerCase()}`.trim(), row)));
  const alike = weeks.length > 1 && weeks[0] === weeks[1];
  const tables = (alike ? weeks.slice(1) : weeks).map((week, place) => titled(alike ? "" : names[place],
    element("div", {}, weekTable(data.weeks[week], colour, `Who answers, by day and hour ${names[place].toLowerCase()}`), legend(data.weeks[week], colour))));
  const findings = findingsOf(row), drift = driftOf(row);
  main.replaceChildren(
    element("h2", {}, row.shown),
    element("p", { class: "under" }, [row.type, saysMore(row)].filter(Boolean).join(" · ") || "\u00a0"),
    tabs,
    changes.length ? section("What changes for callers", element("ul", { class: "sentences" }, ...changes.map((one) => element("li", {}, sentence(one))))) : "",
    findings.length ? section("Findings of the gate", findingList(findings)) : "",
    drift.length ? section("Changed outside the program", findingList(drift)) : "",
    section("The way of a call" + (what ? ", " + what : ""), element("div", { class: drawn.length > 1 ? "sides" : "" }, ...drawn)),
    section("Who answers, hour by hour", element("p", { class: "now" }, nowWords(weekOf(row.calls[chosen]))), element("div", { class: tables.length > 1 ? "sides" : "" }, ...tables),
      element("p", { class: "where" }, "Hours are those of the vendor's schedules, on the clock of the account or the extension.")),
  );
  main.scrollTop = 0;
}

// What the program calls it, where that is not the number once more.
function saysMore(row) {
  return row.name && row.name.replace(/[^\p{L}\d]/gu, "") !== row.digits ? row.name : "";
}

function titled(name, content) {
  return name ? element("div", {}, element("h4", {}, name), content) : content;
}

// What is shown, and what is found

function refresh() {
  const meets = found(document.getElementById("search").value);
  const [, , within] = FILTERS.find(([key]) => key === filter);
  const scored = numbers.filter(within).map((row) => [meets(row), row]).filter(([score]) => score);
  const rows = [2, 1].flatMap((score) => scored.filter(([one]) => one === score).map(([, row]) => row));
  list.show(rows);
  document.getElementById("count").textContent = rows.length === numbers.length ? numbers.length === 1 ? "1 in the list" : `${numbers.length.toLocaleString("en")} in the list`
    : `${rows.length.toLocaleString("en")} of ${numbers.length.toLocaleString("en")}`;
}

function filterButtons() {
  const shown = FILTERS.filter(([key, , within]) => key === "all" || (key === "found" ? data.findings.length > 0 : numbers.some(within)));
  document.getElementById("filters").replaceChildren(...(shown.length > 1 ? shown : []).map(([key, name]) =>
    element("button", { type: "button", "aria-pressed": String(key === filter), onclick: (event) => { filter = key; filterButtons(); refresh(); focusFilter(name); event.preventDefault(); } }, name)));
}

function focusFilter(name) {
  [...document.querySelectorAll("#filters button")].find((one) => one.textContent === name)?.focus();
}

function open(row) {
  location.hash = encodeURIComponent(row.n);
  route();
}

let shown = null;

// What an address names; one that somebody has cut off names nothing.
function decoded(text) {
  try { return decodeURIComponent(text); } catch { return ""; }
}

function route() {
  const asked = decoded(location.hash.slice(1));
  if (asked === shown) return; // the browser tells of a change that was made here as well
  shown = asked;
  const row = numbers.find((one) => one.n === asked);
  list.choose(row || null);
  if (row) numberPage(row);
  else overview();
  document.title = `${row ? row.shown : data.title} - Where calls go`;
}

function dark() {
  return (document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
}

const theme = document.getElementById("theme");
theme.setAttribute("aria-pressed", String(dark()));
theme.addEventListener("click", () => {
  document.documentElement.dataset.theme = dark() ? "light" : "dark";
  theme.setAttribute("aria-pressed", String(dark()));
});
document.getElementById("source").textContent = [data.title, data.source, data.made].join(" · ");
document.getElementById("home").addEventListener("click", () => { history.pushState(null, "", location.pathname + location.search); route(); });
document.getElementById("search").addEventListener("input", refresh);
document.getElementById("search").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && list.rows.length) list.onChosen(list.rows[0]);
  else if (event.key === "ArrowDown") { event.preventDefault(); list.box.focus(); list.go(0); }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input, textarea")) return;
  event.preventDefault();
  document.getElementById("search").focus();
});
addEventListener("hashchange", route);
filterButtons();
refresh();
route();
