import { byId } from "../dom.js";

let failure = "";
let told = "";
let dismissed = "";

/** Show why this window's last request was not done; "" when it was. */
export function fail(reason) {
  failure = reason;
  show();
}

/** Show what the workspace has to tell the person, until it is dismissed. */
export function tell(text) {
  told = text ?? "";
  if (told !== dismissed) dismissed = "";
  show();
}

function show() {
  const text = failure || (told === dismissed ? "" : told);
  byId("notice").hidden = !text;
  if (byId("notice-text").textContent !== text) byId("notice-text").textContent = text;
}

byId("notice-dismiss").addEventListener("click", () => {
  failure = "";
  dismissed = told;
  show();
});
