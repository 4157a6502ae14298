import { dayHeading, dayOf, shortDay, timeOf } from "../blocks/dates.js";
import { byId, h, keepList } from "../dom.js";
import { fetchComing } from "../server.js";

const PATIENCE = 1500;

/** What will come if nobody acts: a line below the clock, and a panel where one goes to any point of it. */
export class Timeline {
  #coming = null;
  #asked = null;
  #me = null;

  constructor(clock, close) {
    this.clock = clock;
    byId("timeline-close").addEventListener("click", close);
    byId("timeline-mine").addEventListener("change", () => this.show());
    byId("goto").addEventListener("submit", (event) => {
      event.preventDefault();
      const day = byId("goto-day").value;
      if (day) clock.move({ morning_of: day });
    });
  }

  /** Ask again, once things have been quiet for a moment: each change may change what comes. */
  refreshSoon() {
    this.#asked ??= setTimeout(() => this.#refresh(), this.#coming ? PATIENCE : 0);
  }

  async #refresh() {
    if (!this.clock.jumping && !document.hidden) {
      try {
        this.#coming = (await fetchComing()).coming;
      } catch {
        // The page says already that the workspace does not answer; what was foreseen stays shown.
      }
    }
    this.#asked = null;
    this.show();
  }

  show(me = this.#me) {
    this.#me = me;
    if (!me || !this.#coming) return;
    const now = this.clock.now();
    const ahead = this.#coming.filter((one) => one.held || new Date(one.at) > now);
    this.#showNext(ahead, now);
    if (byId("timeline").hidden) return;
    byId("timeline-name").textContent = me.name;
    byId("goto-day").min = dayOf(new Date(now.getTime() + 86_400_000), this.clock.zone);
    const mine = byId("timeline-mine").checked;
    const shown = ahead.filter((one) => !mine || one.who === me.name);
    byId("timeline-empty").hidden = shown.length > 0;
    const days = this.#days(shown, now);
    byId("timeline-now").textContent = `Now: ${shortDay(now, this.clock.zone)}, ${timeOf(now, this.clock.zone)}`;
    keepList(byId("timeline-days"), days, (day) => day.key, (day) => this.#day(day));
  }

  #showNext(ahead, now) {
    const next = ahead.find((one) => !one.held && !one.all_day);
    const count = next ? new Set(ahead.filter((one) => one.at === next.at && !one.held).map((one) => one.who)).size : 0;
    const at = next && new Date(next.at);
    byId("timeline-next").textContent = next
      ? `${dayHeading(at, now, this.clock.zone, true)}, ${timeOf(at, this.clock.zone)}: ${count} ${count === 1 ? "message" : "messages"}`
      : "Nothing is due soon";
  }

  #days(shown, now) {
    const { zone } = this.clock;
    const days = new Map();
    for (const one of shown) {
      const at = new Date(one.at);
      const key = one.held ? "held" : dayOf(at, zone);
      if (!days.has(key)) days.set(key, { key, heading: one.held ? "Held until somebody starts it" : dayHeading(at, now, zone), points: [] });
      const { points } = days.get(key);
      const point = one.all_day ? "end" : one.held ? "held" : one.at;
      if (points.at(-1)?.key !== point) points.push({ key: point, at: one.at, time: timeOf(at, zone), day: shortDay(at, zone), messages: [] });
      const { messages } = points.at(-1);
      const own = one.who === this.#me.name;
      if (messages.at(-1)?.who !== one.who) messages.push({ who: one.who, own, lines: [] });
      messages.at(-1).lines.push([one.title, one.about]);
    }
    return [...days.values()];
  }

  #day({ key, heading, points }) {
    return h("li", { class: `ahead${key === "held" ? " held" : ""}` }, h("h3", {}, heading), points.map((point) => this.#point(point)));
  }

  #point({ key, at, time, day, messages }) {
    const jumps = key !== "end" && key !== "held";
    const go = { type: "button", class: "button small", "aria-label": `Go to ${day}, ${time}`, "data-focus": `go-${at}`, onclick: () => this.clock.move({ to: at }) };
    const head = jumps && h("div", { class: "point-head" }, h("time", {}, time), h("button", go, "Go here"));
    return h("div", { class: `point${jumps ? "" : ` ${key}`}` }, head, messages.map((message) => this.#message(message)));
  }

  #message({ who, own, lines }) {
    const items = lines.map(([title, about]) => h("li", {}, title, h("span", { class: "about" }, about)));
    return h("div", { class: `due${own ? " own" : ""}` }, h("p", { class: "who-is-told" }, who), h("ul", {}, items));
  }
}
