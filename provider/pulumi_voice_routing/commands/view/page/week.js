// A week as a grid: who answers, with the hours in which nobody does in red.

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const DAY = 24 * 60, COLOURS = 8;

function clock(minute) {
  return String(Math.floor(minute / 60)).padStart(2, "0") + ":" + String(minute % 60).padStart(2, "0");
}

// Colours by outcome, the same before and after.
function coloursOf(weeks) {
  const colours = new Map();
  for (const week of weeks) {
    for (const [, outcome] of week) {
      if (data.outcomes[outcome].tone === "ok" && !colours.has(outcome)) colours.set(outcome, "o" + (colours.size % COLOURS));
    }
  }
  return (outcome) => colours.get(outcome) || data.outcomes[outcome].tone;
}

function weekTable(week, colour, caption) {
  // Hours, half hours where something changes within an hour, and quarters or minutes where it must be.
  const step = [60, 30, 15, 5, 1].find((one) => week.every(([start]) => start % one === 0));
  const columns = DAY / step, now = minuteNow();
  const hours = [...Array(8).keys()].map((place) => element("th", { colspan: String(columns / 8), scope: "col" }, clock(place * 180)));
  const days = DAYS.map((day, place) => {
    const cells = runsOf(week, place * DAY).map(([start, end, outcome]) => {
      const said = data.outcomes[outcome];
      const when = clock(start) + "–" + clock(end);
      const wide = (end - start) >= 150 || end - start === DAY;
      const minute = place * DAY + start <= now && now < place * DAY + end;
      return element("td", { class: colour(outcome) + (minute ? " present" : ""), colspan: String((end - start) / step), title: `${day} ${when}: ${said.w}` },
        element("span", { class: "hidden" }, when + " "),
        wide ? cellText(said) : element("span", { class: "hidden" }, cellText(said)));
    });
    return element("tr", {}, element("th", { scope: "row" }, element("span", { "aria-hidden": "true" }, day.slice(0, 3)), element("span", { class: "hidden" }, day)), ...cells);
  });
  const widths = [element("col", { style: "width:40px" }), element("col", { span: String(columns) })];
  return element("table", { class: "week" }, element("caption", { class: "hidden" }, caption), element("colgroup", {}, ...widths),
    element("thead", {}, element("tr", {}, element("td", {}), ...hours)), element("tbody", {}, ...days));
}

function cellText(outcome) {
  return outcome.tone === "part" ? `${outcome.nobody} nobody` : capital(outcome.tone === "gap" ? outcome.w : outcome.t);
}

// The parts of a day with one outcome each.
function runsOf(week, midnight) {
  const found = [];
  week.forEach(([start, outcome], place) => {
    const end = place + 1 < week.length ? week[place + 1][0] : 7 * DAY;
    const from = Math.max(start, midnight) - midnight, to = Math.min(end, midnight + DAY) - midnight;
    if (from < to) found.push([from, to, outcome]);
  });
  return found;
}

function legend(week, colour) {
  const minutes = new Map();
  week.forEach(([start, outcome], place) => {
    const end = place + 1 < week.length ? week[place + 1][0] : 7 * DAY;
    minutes.set(outcome, (minutes.get(outcome) || 0) + end - start);
  });
  return element("ul", { class: "legend" }, ...[...minutes].sort((one, other) => other[1] - one[1]).map(([outcome, many]) =>
    element("li", {}, element("span", { class: "swatch " + colour(outcome), "aria-hidden": "true" }),
      element("span", {}, legendText(data.outcomes[outcome]), element("small", {}, many === 7 * DAY ? "always" : `${hoursText(many)} a week`)))));
}

// In full; where that says only why nobody can tell, after what may be.
function legendText(outcome) {
  const may = outcome.tone === "gap" || outcome.w.toLowerCase().includes(outcome.t.split(":")[0].toLowerCase()) || / %/.test(outcome.t);
  return may ? capital(outcome.w) : `${capital(outcome.t)}: ${outcome.w}`;
}

// The minute of the week on the clock of whoever looks.
function minuteNow() {
  const now = new Date();
  return ((now.getDay() + 6) % 7) * DAY + now.getHours() * 60 + now.getMinutes();
}

// Who answers now, if the vendor's clock is that of whoever looks.
function nowWords(week) {
  const minute = minuteNow();
  return `${DAYS[Math.floor(minute / DAY)]} ${clock(minute % DAY)}, which it is here now (${zoneHere()}): ${data.outcomes[outcomeNow(week)].w}`;
}

function outcomeNow(week) {
  const minute = minuteNow();
  return week.findLast(([start]) => start <= minute)[1];
}

function zoneHere() {
  return new Intl.DateTimeFormat("en", { timeZoneName: "short" }).formatToParts(new Date()).find((one) => one.type === "timeZoneName").value;
}

function hereNow() {
  const minute = minuteNow();
  return `${DAYS[Math.floor(minute / DAY)].slice(0, 3)} ${clock(minute % DAY)} ${zoneHere()}`;
}

function hoursText(minutes) {
  const hours = Math.round((minutes / 60) * 10) / 10;
  return hours === 1 ? "1 hour" : `${hours} hours`;
}
