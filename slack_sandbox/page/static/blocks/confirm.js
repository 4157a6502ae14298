import { byId } from "../dom.js";
import { plainText } from "./mrkdwn.js";

/** Ask a confirm object's question; true at once when there is nothing to ask. */
export function askFirst(question) {
  if (!question) return Promise.resolve(true);
  const dialog = byId("confirm");
  byId("confirm-title").textContent = plainText(question.title.text);
  byId("confirm-text").textContent = plainText(question.text.text);
  byId("confirm-no").textContent = plainText(question.deny?.text ?? "Cancel");
  const yes = byId("confirm-yes");
  yes.textContent = plainText(question.confirm?.text ?? "Yes");
  yes.className = `button ${question.style ?? "primary"}`;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}
