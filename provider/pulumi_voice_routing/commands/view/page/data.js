// What the page shows: the values that the command wrote, and how a number is found among them.

const data = JSON.parse(document.getElementById("data").textContent);
const KEYPAD = { a: 2, b: 2, c: 2, d: 3, e: 3, f: 3, g: 4, h: 4, i: 4, j: 5, k: 5, l: 5, m: 6, n: 6, o: 6, p: 7, q: 7, r: 7, s: 7, t: 8, u: 8, v: 8, w: 9, x: 9, y: 9, z: 9 };

// The names on the way of some calls; thousands of numbers share them.
const wordsByCalls = new Map();

function wordsOf(calls) {
  if (!wordsByCalls.has(calls)) {
    const words = new Set();
    for (const [what, ways, weeks] of data.calls[calls]) {
      words.add(what);
      for (const week of weeks) for (const [, outcome] of data.weeks[week]) words.add(data.outcomes[outcome].w);
      for (const way of ways) for (const node of way < 0 ? [] : data.ways[way].nodes) words.add(node.title).add(node.name || "");
    }
    wordsByCalls.set(calls, [...words].join("\n").toLowerCase());
  }
  return wordsByCalls.get(calls);
}

const numbers = data.numbers.map((row) => {
  const calls = data.calls[row.c];
  const outcomes = calls.flatMap(([, , weeks]) => data.weeks[weeks[weeks.length - 1]].map(([, outcome]) => data.outcomes[outcome]));
  return {
    ...row,
    calls,
    shown: row.s || capital(row.n),
    digits: row.n.replace(/\D/g, ""),
    words: `${row.n}\n${row.name || ""}`.toLowerCase(),
    further: wordsOf(row.c),
    gap: outcomes.some((one) => one.tone === "gap" || one.tone === "part"),
    findings: [],
  };
});

// What is said of something, by the numbers and the resources that it is about: thousands of numbers and of findings
// are not compared with each other.
function indexed(said) {
  const places = new Map();
  said.forEach((one, place) => {
    for (const key of [one.object, ...(one.numbers || []), one.urn].filter(Boolean)) {
      if (!places.has(key)) places.set(key, []);
      places.get(key).push(place);
    }
  });
  return (row) => {
    const urns = [row.urn, ...row.calls.flatMap(([, ways]) => ways.flatMap((way) => (way < 0 ? [] : urnsOf(way))))];
    const found = new Set([row.n, "+" + row.digits, ...urns].flatMap((key) => places.get(key) || []));
    return [...found].sort((one, other) => one - other).map((place) => said[place]);
  };
}

const findingsByNumber = new Map(), findingsAbout = indexed(data.findings), driftOf = indexed(data.drift || []);

function urnsOf(way) {
  const there = data.ways[way];
  there.urns ??= there.nodes.map((node) => node.urn).filter(Boolean);
  return there.urns;
}

function findingsOf(row) {
  if (!findingsByNumber.has(row)) findingsByNumber.set(row, findingsAbout(row));
  return findingsByNumber.get(row);
}

// How well a row meets a query: 2 itself, 1 by what is on its way, 0 not at all. A number may be in any notation:
// international, national with or without a leading 0, with letters, or a part of it.
function found(query) {
  const words = query.trim().toLowerCase();
  if (!words) return () => 2;
  const plain = words.replace(/^(tel|callto):/, "").replace(/^\+|^00(?=\d)/, "");
  if (/^[\d\s().\/+-]+$/.test(plain) && /\d/.test(plain)) {
    const digits = plain.replace(/\(0\)/, "").replace(/\D/g, "");
    const national = digits.replace(/^0+/, "") || digits;
    return (row) => (row.digits.includes(digits) || row.digits.includes(national) || row.h?.includes(digits) ? 2 : 0);
  }
  const vanity = /\d/.test(plain) && /^[\da-z\s().+-]+$/.test(plain)
    ? plain.replace(/[a-z]/g, (letter) => KEYPAD[letter]).replace(/\D/g, "") : "";
  return (row) => (row.words.includes(words) || (vanity.length >= 7 && row.digits.includes(vanity)) ? 2 : row.further.includes(words) ? 1 : 0);
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// An element with its attributes and what is in it; text stays text.
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false && value !== undefined && value !== "") made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== "" && child !== null && child !== undefined));
  return made;
}
