// The list of numbers. Only the rows in sight are in the document, so that ten thousand cost what twenty do.

const ROW_HEIGHT = 56, BEYOND = 8;

class NumberList {
  constructor(box, onChosen) {
    this.box = box;
    this.onChosen = onChosen;
    this.rows = [];
    this.active = -1;
    this.chosen = null;
    this.all = element("div", { class: "all", role: "presentation" });
    box.append(this.all);
    box.addEventListener("scroll", () => this.draw(), { passive: true });
    box.addEventListener("keydown", (event) => this.pressed(event));
    box.addEventListener("click", (event) => this.clicked(event));
    box.addEventListener("focus", () => this.focused());
    new ResizeObserver(() => this.draw()).observe(box);
  }

  show(rows) {
    this.rows = rows;
    this.active = -1;
    this.all.style.height = rows.length * ROW_HEIGHT + "px";
    this.box.scrollTop = 0;
    this.draw();
  }

  choose(row) {
    this.chosen = row;
    const place = this.rows.indexOf(row);
    if (place >= 0) this.scrollTo(place);
    this.draw();
  }

  scrollTo(place) {
    const top = place * ROW_HEIGHT, height = this.box.clientHeight;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top + ROW_HEIGHT > this.box.scrollTop + height) this.box.scrollTop = top + ROW_HEIGHT - height;
  }

  go(place) {
    this.active = Math.max(0, Math.min(this.rows.length - 1, place));
    this.scrollTo(this.active);
    this.draw();
  }

  // By keyboard only: what is drawn anew between the press and the release of a mouse is not clicked.
  focused() {
    if (this.active < 0 && this.rows.length && this.box.matches(":focus-visible")) this.go(Math.max(0, this.rows.indexOf(this.chosen)));
  }

  clicked(event) {
    const place = Math.floor((event.clientY - this.all.getBoundingClientRect().top) / ROW_HEIGHT);
    if (!this.rows[place]) return;
    this.active = place;
    this.onChosen(this.rows[place]);
  }

  pressed(event) {
    const page = Math.max(1, Math.floor(this.box.clientHeight / ROW_HEIGHT) - 1);
    const moves = { ArrowDown: this.active + 1, ArrowUp: this.active - 1, PageDown: this.active + page,
      PageUp: this.active - page, Home: 0, End: this.rows.length - 1 };
    if (event.key in moves) {
      this.go(moves[event.key]);
    } else if ((event.key === "Enter" || event.key === " ") && this.rows[this.active]) {
      this.onChosen(this.rows[this.active]);
    } else {
      return;
    }
    event.preventDefault();
  }

  draw() {
    const first = Math.max(0, Math.floor(this.box.scrollTop / ROW_HEIGHT) - BEYOND);
    const last = Math.min(this.rows.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / ROW_HEIGHT) + BEYOND);
    this.all.replaceChildren(...this.rows.slice(first, last).map((row, at) => this.row(row, first + at)));
    const active = document.getElementById("row-" + this.active);
    if (active) this.box.setAttribute("aria-activedescendant", active.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  row(row, place) {
    const goes = data.outcomes[row.to];
    const badges = [
      row.changed ? element("span", { class: "badge changed" }, "changes") : "",
      row.gap ? element("span", { class: "badge gap" }, "gap") : "",
    ];
    const made = element("div", {
      class: "row" + (place === this.active ? " active" : ""), role: "option", id: "row-" + place, "aria-selected": String(row === this.chosen),
      "aria-setsize": String(this.rows.length), "aria-posinset": String(place + 1),
    }, element("b", {}, row.shown), element("small", { title: goes.w }, capital(goes.t)), element("span", { class: "badges" }, ...badges));
    made.style.top = place * ROW_HEIGHT + "px";
    return made;
  }
}
