const LOCALE = "en-US";

const format = (instant, timeZone, options) => new Intl.DateTimeFormat(LOCALE, { timeZone, ...options }).format(instant);

/** The calendar day of an instant in a zone, as YYYY-MM-DD. */
export const dayOf = (instant, timeZone) =>
  new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(instant);

export const timeOf = (instant, timeZone) => format(instant, timeZone, { hour: "numeric", minute: "2-digit" });

/** "Today", "Yesterday", "Tomorrow", or the date, whole or `short`: what heads the messages of one day. */
export function dayHeading(instant, now, timeZone, short = false) {
  const near = nearDay(instant, now, timeZone);
  if (near) return near[0].toUpperCase() + near.slice(1);
  if (short) return format(instant, timeZone, { weekday: "short", month: "short", day: "numeric" });
  return format(instant, timeZone, { weekday: "long", month: "long", day: "numeric", year: "numeric" });
}

/** A day as the clock shows it, such as "Tue, Jan 12, 2027". */
export const shortDay = (instant, timeZone) =>
  format(instant, timeZone, { weekday: "short", month: "short", day: "numeric", year: "numeric" });

function nearDay(instant, now, timeZone) {
  const days = (Date.parse(dayOf(instant, timeZone)) - Date.parse(dayOf(now, timeZone))) / 86_400_000;
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days];
}

function ordinal(instant, timeZone, weekday) {
  const day = Number(format(instant, timeZone, { day: "numeric" }));
  const suffix = day > 10 && day < 14 ? "th" : { 1: "st", 2: "nd", 3: "rd" }[day % 10] ?? "th";
  const lead = weekday ? `${format(instant, timeZone, { weekday: "long" })}, ` : "";
  return `${lead}${format(instant, timeZone, { month: "long" })} ${day}${suffix}, ${format(instant, timeZone, { year: "numeric" })}`;
}

function ago(instant, now) {
  const seconds = Math.round((instant - now) / 1000);
  const [unit, size] = [["day", 86_400], ["hour", 3_600], ["minute", 60]].find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}

const TOKENS = {
  date_num: (at, _now, zone) => dayOf(at, zone),
  date: (at, _now, zone) => ordinal(at, zone, false),
  date_short: (at, _now, zone) => format(at, zone, { month: "short", day: "numeric", year: "numeric" }),
  date_long: (at, _now, zone) => ordinal(at, zone, true),
  time: (at, _now, zone) => timeOf(at, zone),
  time_secs: (at, _now, zone) => format(at, zone, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago: (at, now) => ago(at, now),
};

/** Fill Slack's date tokens ("{date_short_pretty} at {time}"); null when a token is not Slack's. */
export function fillDateTokens(pattern, unixSeconds, now, timeZone) {
  const at = new Date(unixSeconds * 1000);
  if (Number.isNaN(at.getTime())) return null;
  let known = true;
  const filled = pattern.replace(/\{(\w+?)(_pretty)?\}/g, (_all, name, pretty) => {
    const token = TOKENS[name];
    if (!token) known = false;
    return known ? (pretty && nearDay(at, now, timeZone)) || token(at, now, timeZone) : "";
  });
  return known ? filled : null;
}
