/** Where this window is, kept in the address so that two windows can be two people: #as=U1&in=C1&thread=ts&time=1 */
export function readPlace() {
  const parts = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(["as", "in", "thread", "time"].map((name) => [name, parts.get(name) ?? ""]));
}

/** Remember the place; `step` adds it to the browser's history. */
export function writePlace(place, step) {
  const hash = `#${new URLSearchParams(Object.entries(place).filter(([, value]) => value))}`;
  if (hash === location.hash) return;
  if (step) history.pushState(null, "", hash);
  else history.replaceState(null, "", hash);
}
