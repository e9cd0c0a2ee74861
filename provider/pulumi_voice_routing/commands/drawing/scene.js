// Lays out boxes and arrows from left to right, and writes them as SVG. The page runs it in the browser, and
// `voice-routing diagram` runs it in Python, so that both show the same picture. It needs no document: text is measured
// by a table of widths.
"use strict";

var voiceRoutingScene = (function () {
  const LINE = 17, PAD_X = 14, PAD_Y = 10, MARGIN = 16, WIDEST = 220, NARROWEST = 84, LABEL_WIDEST = 132;
  const SIZES = { kind: 11, title: 14, line: 12, label: 12 };
  // Widths of Helvetica, in thousandths of the size. Other fonts are wider, so that some room is added.
  const WIDTHS = { narrow: "fijlrtI.,:;'|!()[]{}/\\- ", wide: "mwMW@%—→" };
  const SLACK = 1.13;

  function letterWidth(letter) {
    if (WIDTHS.narrow.includes(letter)) return 0.33;
    if (WIDTHS.wide.includes(letter)) return 0.9;
    if (letter > "\u2e7f") return 1;
    if (letter !== letter.toLowerCase() || "<>=+~#&".includes(letter)) return 0.72;
    return 0.556;
  }

  function widthOf(text, size, bold) {
    let width = 0;
    for (const letter of text) width += letterWidth(letter);
    return width * size * SLACK * (bold ? 1.07 : 1);
  }

  // As few lines as the width allows, broken at spaces; what is longer than all lines ends with an ellipsis.
  function wrapped(text, size, bold, room, most) {
    const lines = [];
    let line = "";
    for (const word of text.split(/ +/).flatMap((one) => pieces(one, size, bold, room))) {
      const longer = line ? line + " " + word : word;
      if (line && widthOf(longer, size, bold) > room) {
        lines.push(line);
        line = word;
      } else {
        line = longer;
      }
    }
    lines.push(line);
    if (lines.length <= most) return lines;
    const last = lines[most - 1];
    const cut = widthOf(last + "…", size, bold) > room ? last.slice(0, -2) : last;
    return lines.slice(0, most - 1).concat(cut.trimEnd() + "…");
  }

  // A word that is wider than a line, in parts that fit.
  function pieces(word, size, bold, room) {
    if (widthOf(word, size, bold) <= room) return [word];
    const found = [""];
    let width = 0;
    for (const letter of word) {
      width += widthOf(letter, size, bold);
      if (width > room) {
        found.push("");
        width = widthOf(letter, size, bold);
      }
      found[found.length - 1] += letter;
    }
    return found;
  }

  // A box with its lines of text, each with its class, and its size.
  function boxed(node) {
    const room = WIDEST - 2 * PAD_X;
    const texts = [];
    const say = (kind, text, most) => {
      for (const line of wrapped(text, SIZES[kind], kind !== "line", room, most)) texts.push({ kind, text: line });
    };
    if (node.label) say("kind", node.label, 2);
    say("title", node.title, 3);
    for (const line of node.lines || []) say("line", line, 4);
    const widest = Math.max(...texts.map((one) => widthOf(one.text, SIZES[one.kind], one.kind !== "line")));
    const width = Math.ceil(Math.max(NARROWEST, Math.min(widest, room) + 2 * PAD_X));
    return { node, texts, width, height: 2 * PAD_Y + texts.length * LINE };
  }

  function labelled(edge) {
    const lines = edge.label ? wrapped(edge.label, SIZES.label, false, LABEL_WIDEST, 4) : [];
    const widest = Math.max(0, ...lines.map((line) => widthOf(line, SIZES.label, false)));
    return { edge, lines, width: lines.length ? Math.ceil(widest + 12) : 0, height: lines.length ? lines.length * 15 + 6 : 0 };
  }

  function laidOut(graph) {
    const plan = new dagre.graphlib.Graph({ multigraph: true });
    plan.setGraph({ rankdir: "LR", ranksep: 30, nodesep: 20, edgesep: 12, marginx: MARGIN, marginy: MARGIN });
    const boxes = graph.nodes.map(boxed);
    const labels = graph.edges.map(labelled);
    // Of what hangs together, the layout puts on top what it is told last: what comes first is to be there. Of what
    // does not, it puts on top what it is told first.
    const part = partsOf(graph);
    const inOrder = (those, keyOf) => those.map((one, place) => [part.get(keyOf(one)), place, one])
      .sort((one, other) => one[0] - other[0] || other[1] - one[1]);
    for (const [, , box] of inOrder(boxes, (one) => one.node.key)) plan.setNode(box.node.key, { width: box.width, height: box.height });
    inOrder(labels, (one) => one.edge.source).forEach(([, place, label]) => {
      const { width, height, edge } = label;
      plan.setEdge(edge.source, edge.target, { width, height, labelpos: "c" }, "e" + place);
    });
    if (boxes.length) dagre.layout(plan);
    for (const box of boxes) Object.assign(box, middle(plan.node(box.node.key)));
    labels.forEach((label, place) => {
      const { edge } = label;
      const there = plan.edge({ v: edge.source, w: edge.target, name: "e" + place });
      label.points = there.points;
      if (label.lines.length) Object.assign(label, middle(there));
      label.path = lineOf(there.points, plan.node(edge.source), plan.node(edge.target), edge.source === edge.target);
    });
    const { width = 0, height = 0 } = boxes.length ? plan.graph() : {};
    return { boxes, labels, width: Math.ceil(width), height: Math.ceil(height) };
  }

  // Which boxes hang together: the place of the first of them, by key.
  function partsOf({ nodes, edges }) {
    const places = new Map(nodes.map((node, place) => [node.key, place]));
    const roots = nodes.map((_, place) => place);
    const root = (place) => {
      while (roots[place] !== place) place = roots[place] = roots[roots[place]];
      return place;
    };
    for (const { source, target } of edges) {
      const [one, other] = [root(places.get(source)), root(places.get(target))];
      roots[Math.max(one, other)] = Math.min(one, other);
    }
    return new Map(nodes.map((node, place) => [node.key, root(place)]));
  }

  function middle(place) {
    return { x: Math.round(place.x * 10) / 10, y: Math.round(place.y * 10) / 10 };
  }

  // Arrows leave and meet boxes in the middle of their sides.
  function lineOf(points, source, target, round) {
    const line = d3.line((point) => point.x, (point) => point.y).digits(1);
    if (round) return line.curve(d3.curveBasis)(points);
    const onward = source.x <= target.x ? 1 : -1;
    const ends = [
      { x: source.x + (onward * source.width) / 2, y: source.y },
      { x: target.x - onward * (target.width / 2 + 3), y: target.y },
    ];
    return line.curve(d3.curveMonotoneX)([ends[0], ...points.slice(1, -1), ends[1]]);
  }

  // SVG

  const SPECIAL = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };

  function escaped(text) {
    return String(text).replace(/[&<>"']/g, (one) => SPECIAL[one]);
  }

  function classes(...names) {
    return names.filter(Boolean).join(" ");
  }

  function boxAsSvg(box) {
    const { node, x, y, width, height, texts } = box;
    const left = x - width / 2, top = y - height / 2;
    const shape = node.kind === "end" ? height / 2 : node.kind === "number" ? 16 : 8;
    const lines = texts.map((one, place) =>
      `<text class="${one.kind}" x="${round(node.kind === "end" ? x : left + PAD_X)}" ` +
      `y="${round(top + PAD_Y + place * LINE + 13)}">${escaped(one.text)}</text>`);
    const stripe = node.vendor ? `<path class="stripe" d="M${round(left + 4)},${round(top + 8)}V${round(top + height - 8)}"/>` : "";
    const named = [node.label, node.title, ...(node.lines || []), CHANGES[node.change]].filter(Boolean).join(", ");
    return `<g class="${classes("box", node.kind, node.vendor, node.tone, node.change, node.off && "off")}" ` +
      `data-key="${escaped(node.key)}"><title>${escaped(named)}</title>` +
      `<rect x="${round(left)}" y="${round(top)}" width="${width}" height="${height}" rx="${Math.min(shape, 22)}"/>` +
      `${stripe}${lines.join(" ")}</g>`;
  }

  const CHANGES = { new: "new", changed: "changes", replaced: "is replaced", gone: "goes" };

  function arrowAsSvg(label) {
    const { edge, path } = label;
    return `<path class="${classes("arrow", edge.change, edge.aside && "aside", edge.later && "later")}" ` +
      `data-source="${escaped(edge.source)}" data-target="${escaped(edge.target)}" d="${path}" marker-end="url(#arrow${edge.change ? "-" + edge.change : ""})"/>`;
  }

  function labelAsSvg(label) {
    const { lines, x, y, width, height, edge } = label;
    if (!lines.length) return "";
    const top = y - height / 2;
    const said = lines.map((line, place) => `<text x="${x}" y="${round(top + 15 + place * 15)}">${escaped(line)}</text>`);
    return `<g class="${classes("label", edge.change)}"><title>${escaped(edge.more || edge.label)}</title>` +
      `<rect x="${round(x - width / 2)}" y="${round(top)}" width="${width}" height="${height}" rx="5"/>${said.join("")}</g>`;
  }

  function round(value) {
    return Math.round(value * 10) / 10;
  }

  function key(changes, top) {
    return changes.map((change, place) =>
      `<g class="key"><rect class="${change}" x="${MARGIN + place * 130}" y="${top}" width="26" height="16" rx="4"/>` +
      `<text x="${MARGIN + place * 130 + 34}" y="${top + 13}">${CHANGES[change]}</text></g>`).join("");
  }

  // The picture as SVG. `options.style` makes it stand by itself; `options.id` tells several on one page apart.
  function asSvg(graph, options) {
    const scene = laidOut(graph);
    const changes = Object.keys(CHANGES).filter((change) => [...graph.nodes, ...graph.edges].some((one) => one.change === change));
    const notes = [graph.heading, ...(graph.notes || [])].filter(Boolean);
    const wide = Math.max(scene.width, MARGIN * 2 + changes.length * 130, ...notes.map((one) => 2 * MARGIN + widthOf(one, 13)));
    const head = graph.heading ? 34 : 0;
    const below = head + scene.height + (scene.height ? 0 : MARGIN / 2);
    const foot = (changes.length ? 30 : 0) + (graph.notes || []).length * 20;
    const width = Math.ceil(wide), height = Math.ceil(below + foot + (foot ? 8 : 0));
    const id = options.id || "";
    const marks = ["", ...changes].map((change) =>
      `<marker id="arrow${change && "-" + change}${id}" class="${change}" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="8" ` +
      `markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0.8L9,5L0,9.2z"/></marker>`);
    const drawn = [
      ...scene.labels.map(arrowAsSvg),
      ...scene.boxes.map(boxAsSvg),
      ...scene.labels.map(labelAsSvg),
    ].filter(Boolean).map((one) => one.replace(/url\(#(arrow[a-z-]*)\)/, `url(#$1${id})`));
    const above = graph.heading ? `<text class="heading" x="${MARGIN}" y="${MARGIN}">${escaped(graph.heading)}</text>` : "";
    const said = (graph.notes || []).map((note, place) =>
      `<text class="note" x="${MARGIN}" y="${below + (changes.length ? 30 : 0) + 14 + place * 20}">${escaped(note)}</text>`);
    const lines = [
      `<svg xmlns="http://www.w3.org/2000/svg" class="scene" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
        `role="img" aria-labelledby="title${id}">`,
      `<title id="title${id}">${escaped(options.title || "Where calls go")}</title>`,
      options.style ? `<style>\n${options.style}\n</style>` : "",
      `<defs>${marks.join("")}</defs>`,
      options.style ? `<rect class="background" width="${width}" height="${height}"/>` : "",
      above,
      head ? `<g transform="translate(0,${head})">` : "",
      ...drawn,
      head ? "</g>" : "",
      key(changes, below),
      ...said,
      "</svg>",
    ];
    return lines.filter(Boolean).join("\n") + "\n";
  }

  return { asSvg, laidOut, widthOf };
})();
