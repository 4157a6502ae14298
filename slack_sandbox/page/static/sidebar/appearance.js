import { byId } from "../dom.js";

/** The switch between light and dark; the choice is kept in this browser. */
export function appearance() {
  const select = byId("appearance");
  select.value = localStorage.getItem("appearance") ?? "";
  select.addEventListener("change", () => {
    if (select.value) localStorage.setItem("appearance", select.value);
    else localStorage.removeItem("appearance");
    if (select.value) document.documentElement.dataset.theme = select.value;
    else delete document.documentElement.dataset.theme;
  });
}
