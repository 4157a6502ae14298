/* Before the page is drawn: the appearance that somebody chose here before; without a choice, the system's. */
const chosen = localStorage.getItem("appearance");
if (chosen) document.documentElement.dataset.theme = chosen;
