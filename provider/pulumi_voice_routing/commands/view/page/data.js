// What the page shows: the values that the command wrote, and how a number is found among them.

const data = JSON.parse(document.getElementById("data").textContent);
const KEYPAD = { a: 2, b: 2, c: 2, d: 3, e: 3, f: 3, g: 4, h: 4, i: 4, j: 5, k: 5, l: 5, m: 6, n: 6, o: 6, p: 7, q: 7, r: 7, s: 7, t: 8, u: 8, v: 8, w: 9, x: 9, y: 9, z: 9 };

// Text without what makes no difference to who looks for it: capitals, accents, and how a character is written.
function folded(text) {
  return text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("ß", "ss").replace(/[^\P{Nd}\d]/gu, ascii);
}

// The digit that one of another script is: the ten of a script follow each other.
function ascii(digit) {
  const place = digit.codePointAt(0);
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(place - before - 1))) before += 1;
  return String(before % 10);
}

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
    wordsByCalls.set(calls, folded([...words].join("\n")));
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
    words: folded(`${row.n}\n${row.name || ""}`),
    further: wordsOf(row.c),
    gap: outcomes.some((one) => one.tone === "gap" || one.tone === "part"),
    findings: [],
  };
});

const rowsByNumber = new Map(numbers.flatMap((row) => [["+" + row.digits, row], [row.n, row]]));

// What is said of something, by the numbers and the resources that it is about: thousands of numbers and of findings
// are not compared with each other. What is about a number is not said of others that the same resource holds.
function indexed(said) {
  const places = new Map();
  said.forEach((one, place) => {
    const urn = rowsByNumber.has(one.object) ? "" : one.urn;
    for (const key of [one.object, ...(one.numbers || []), urn].filter(Boolean)) {
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
// international, national with or without a leading 0, as it is dialled from abroad, with letters, or a part of it. As
// it is copied from elsewhere, it may hold other hyphens, marks that nobody sees, and an extension.
function found(query) {
  const words = folded(query.replace(/\p{Cf}/gu, "")).trim();
  if (!words) return () => 2;
  const plain = words.replace(/\p{Pd}/gu, "-").replace(/^(tel|callto):/, "").replace(/^\+|^00(?=\d)/, "")
    .replace(/^([\d\s().\/+-]*\d)\s*(?:[;,].*|(?:x|ext\.?)\s*\d+)$/, "$1");
  if (/^[\d\s().\/+-]+$/.test(plain) && /\d/.test(plain)) {
    const digits = plain.replace(/\(0\)/, "").replace(/\D/g, "");
    const national = digits.replace(/^0+/, "") || digits;
    const abroad = (row) => row.digits.length > 7 && digits.endsWith(row.digits) && /^0\d{1,3}$/.test(digits.slice(0, -row.digits.length));
    return (row) => (row.digits.includes(digits) || row.digits.includes(national) || row.h?.includes(digits) || abroad(row) ? 2 : 0);
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
