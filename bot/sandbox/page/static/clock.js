import { shortDay, timeOf } from "./dates.js";
import { byId } from "./dom.js";
import { moveClock } from "./server.js";

const MOVES = {
  "clock-hour": { forward_hours: 1 },
  "clock-morning": { to: "next_morning" },
  "clock-month": { forward_days: 30 },
};

/** The workspace's business time: it runs with real time, and jumps when asked. */
export class Clock {
  #at = null;
  #read = 0;
  #zone = "UTC";
  #jumping = false;

  constructor(report) {
    for (const [id, move] of Object.entries(MOVES)) byId(id).addEventListener("click", () => this.#move(move, report));
    setInterval(() => this.#show(), 1000);
  }

  now() {
    const passed = this.#jumping ? 0 : performance.now() - this.#read;
    return new Date(this.#at.getTime() + passed);
  }

  set({ now, zone, jumping }) {
    this.#at = new Date(now);
    this.#read = performance.now();
    this.#zone = zone ?? this.#zone;
    this.#jumping = jumping;
    this.#show();
  }

  #show() {
    if (!this.#at) return;
    byId("clock-time").textContent = timeOf(this.now(), this.#zone);
    byId("clock-day").textContent = shortDay(this.now(), this.#zone);
    byId("clock-zone").textContent = this.#zone.replaceAll("_", " ");
    byId("clock-note").textContent = this.#jumping ? "Time is moving: each hour's work is done in order…" : "";
    for (const id of Object.keys(MOVES)) byId(id).disabled = this.#jumping;
  }

  async #move(move, report) {
    this.#at = this.now();
    this.#jumping = true;
    this.#show();
    await report(() => moveClock(move));
  }
}
