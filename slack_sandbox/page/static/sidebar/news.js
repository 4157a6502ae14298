// A shared worker: every person is a window, and browsers allow six connections to one address,
// so all windows hear the news over one.
const windows = new Set();
let latest = null;

function tell(news) {
  latest = news;
  for (const window of windows) window.postMessage(news);
}

const source = new EventSource("/page/events");
source.onmessage = (event) => tell(JSON.parse(event.data));
source.onerror = () => tell(null);

onconnect = ({ ports: [window] }) => {
  windows.add(window);
  if (latest) window.postMessage(latest);
};
