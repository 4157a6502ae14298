import { shortDay, timeOf } from "../blocks/dates.js";
import { byId } from "../dom.js";
import { moveClock } from "../server.js";

const MOVES = {
  "clock-hour": { forward_hours: 1 },
  "clock-morning": { to: "next_morning" },
  "clock-month": { forward_days: 30 },
};

/** The workspace's business time: it runs with real time, and jumps when asked. */
export class Clock {
  #at = null;
  #read = 0;
  #left = null;
  #boundFor = null;
  #jumping = false;
  zone = "UTC";

  constructor(report) {
    this.report = report;
    for (const [id, move] of Object.entries(MOVES)) byId(id).addEventListener("click", () => this.move(move));
    byId("clock-stop").addEventListener("click", () => report(() => moveClock({ to: "stop" })));
    setInterval(() => this.#show(), 1000);
  }

  get jumping() {
    return this.#jumping;
  }

  now() {
    const passed = this.#jumping ? 0 : performance.now() - this.#read;
    return new Date(this.#at.getTime() + passed);
  }

  set({ now, zone, jumping, bound_for: boundFor }) {
    if (jumping && !this.#jumping) this.#left = new Date(now);
    this.#at = new Date(now);
    this.#read = performance.now();
    this.zone = zone ?? this.zone;
    this.#jumping = jumping;
    this.#boundFor = boundFor ? new Date(boundFor) : null;
    this.#show();
  }

  async move(move) {
    this.#left = this.#at = this.now();
    this.#jumping = true;
    this.#show();
    await this.report(() => moveClock(move));
  }

  #show() {
    if (!this.#at) return;
    const now = this.now();
    byId("clock-time").textContent = timeOf(now, this.zone);
    byId("clock-day").textContent = shortDay(now, this.zone);
    byId("clock-zone").textContent = this.zone.replaceAll("_", " ");
    for (const id of [...Object.keys(MOVES), "goto-go"]) byId(id).disabled = this.#jumping;
    byId("clock-moving").hidden = !this.#jumping;
    const to = this.#boundFor && ` to ${shortDay(this.#boundFor, this.zone)}, ${timeOf(this.#boundFor, this.zone)}`;
    byId("clock-note").textContent = this.#jumping ? `Time is moving${to ?? ""}…` : "";
    byId("clock-progress").value = this.#boundFor ? (now - this.#left) / (this.#boundFor - this.#left) : 0;
  }
}
