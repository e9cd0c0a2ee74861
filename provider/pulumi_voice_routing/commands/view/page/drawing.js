// The way of a call: drawn on demand by the layout that `voice-routing diagram` uses as well.

function graphOf(row, way) {
  // What no number here leads to is drawn behind numbers that lead to it from elsewhere.
  const start = row.elsewhere ? { key: "start", kind: "number", title: "Numbers from elsewhere" }
    : { key: "start", kind: "number", label: row.type || "", title: row.shown, lines: saysMore(row) ? [saysMore(row)] : [], ...about(row) };
  if (way < 0) {
    return { nodes: [start, { key: "none", kind: "end", tone: "unknown", title: "Not part of this configuration" }], edges: [{ source: "start", target: "none" }] };
  }
  const { nodes, edges } = data.ways[way];
  return { nodes: [start, ...nodes.map((node) => ({ ...node }))], edges: edges.map((edge) => ({ ...edge })) };
}

function about(row) {
  return { type: row.type, name: row.name, urn: row.urn };
}

// What only one of two pictures has, in the colours of a change.
function compare(before, after) {
  const sign = (node) => [node.kind, node.label, node.title, ...(node.lines || [])].join("|");
  const arrow = (graph) => {
    const named = new Map(graph.nodes.map((node) => [node.key, sign(node)]));
    return (edge) => [named.get(edge.source), named.get(edge.target), edge.label].join("→");
  };
  mark(before.nodes, new Set(after.nodes.map(sign)), sign, "gone");
  mark(after.nodes, new Set(before.nodes.map(sign)), sign, "new");
  const was = arrow(before), is = arrow(after);
  const [old, now] = [new Set(before.edges.map(was)), new Set(after.edges.map(is))];
  mark(before.edges, now, was, "gone");
  mark(after.edges, old, is, "new");
}

function mark(those, others, sign, change) {
  for (const one of those) if (!others.has(sign(one))) one.change = change;
}

let drawings = 0;

// A picture that scrolls where it is larger than its place, with boxes that tell more when they are opened.
function drawing(graph, title, row) {
  drawings += 1;
  const box = element("div", { class: "drawing", role: "region", "aria-label": title, tabindex: "0" });
  const detail = element("div", { class: "detail", "aria-live": "polite" });
  detail.hidden = true;
  box.innerHTML = voiceRoutingScene.asSvg(graph, { title, id: "-" + drawings });
  const svg = box.querySelector("svg");
  svg.setAttribute("role", "group");
  const nodes = new Map(graph.nodes.map((node) => [node.key, node]));
  for (const shape of svg.querySelectorAll(".box")) {
    const node = nodes.get(shape.dataset.key);
    shape.setAttribute("tabindex", "0");
    shape.setAttribute("role", "button");
    if (node.change) shape.setAttribute("aria-description", node.change);
    shape.querySelector("title").remove(); // what is seen is what is read out
    const open = () => opened(svg, shape, detail, node, row);
    shape.addEventListener("click", open);
    shape.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(); }
    });
    if (node.key === "start" ? findingsOf(row).length : node.urn && data.findings.some((one) => one.urn === node.urn)) flagged(shape);
  }
  requestAnimationFrame(() => { fit(box, svg); atItsStart(box, svg); });
  return element("div", {}, box, detail, element("details", {}, element("summary", {}, "The same as text"), steps(graph)));
}

function fit(box, svg) {
  const [width, height] = [Number(svg.getAttribute("width")), Number(svg.getAttribute("height"))];
  const scale = Math.max(0.62, Math.min(1, (box.clientWidth - 2) / width));
  svg.setAttribute("width", Math.floor(width * scale));
  svg.setAttribute("height", Math.floor(height * scale));
}

// Where a picture is higher than its place, what is called is in sight first.
function atItsStart(box, svg) {
  const first = svg.querySelector('.box[data-key="start"] rect');
  if (!first || box.scrollHeight <= box.clientHeight) return;
  const [at, place] = [first.getBoundingClientRect(), box.getBoundingClientRect()];
  box.scrollTop += at.top + at.height / 2 - place.top - box.clientHeight / 2;
}

// A red mark on a box that the gate has found something about.
function flagged(shape) {
  const rect = shape.querySelector("rect");
  const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  dot.setAttribute("cx", Number(rect.getAttribute("x")) + Number(rect.getAttribute("width")) - 10);
  dot.setAttribute("cy", Number(rect.getAttribute("y")) + 10);
  dot.setAttribute("r", "5");
  dot.setAttribute("class", "flag");
  shape.append(dot);
}

function opened(svg, shape, detail, node, row) {
  const again = shape.classList.contains("open");
  svg.querySelectorAll(".box.open").forEach((one) => one.classList.remove("open"));
  detail.hidden = again;
  if (again) return;
  shape.classList.add("open");
  const facts = [["Type", node.type], ["In the program", node.name], ["Says", (node.lines || []).join(", ")]].filter(([, value]) => value);
  const there = node.key === "start" ? [...findingsOf(row), ...driftOf(row)] : [...data.findings, ...(data.drift || [])];
  const those = there.filter((one) => node.key === "start" || (node.urn && one.urn === node.urn));
  detail.replaceChildren(element("strong", {}, node.title),
    element("dl", {}, ...facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])),
    those.length ? findingList(those) : "");
}

// The same for those who read: each box below what leads to it.
function steps(graph) {
  const nodes = new Map(graph.nodes.map((node) => [node.key, node]));
  const onward = Map.groupBy ? Map.groupBy(graph.edges, (edge) => edge.source) : grouped(graph.edges);
  const seen = new Set();
  const list = (key) => {
    if (seen.has(key)) return "";
    seen.add(key);
    const edges = onward.get(key) || [];
    if (!edges.length) return "";
    return element("ul", { class: "steps" }, ...edges.map((edge) => {
      const node = nodes.get(edge.target);
      const said = [node.label, node.title, ...(node.lines || [])].filter(Boolean).join(", ");
      const full = edge.more || edge.label;
      return element("li", {}, (full ? full + ": " : "") + said + (seen.has(edge.target) ? " (as above)" : ""), list(edge.target));
    }));
  };
  return list("start") || element("p", {}, "Nothing follows.");
}

function grouped(edges) {
  const found = new Map();
  for (const edge of edges) found.set(edge.source, [...(found.get(edge.source) || []), edge]);
  return found;
}
