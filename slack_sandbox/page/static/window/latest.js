import { fetchState } from "../server.js";

const MORE = 300;
const kept = new Map();
const newest = new Map();

/**
 * What the person sees, as last heard. `placeNow()` is where this window is, `shown()` draws it. Calls during a fetch
 * are answered by one more, so a burst of changes costs two.
 */
export class Latest {
  #fetching = null;
  #stale = false;
  state = null;

  constructor(placeNow, shown, failed) {
    Object.assign(this, { placeNow, shown, failed });
  }

  async refresh() {
    this.#stale = true;
    this.#fetching ??= this.#fetch();
    await this.#fetching;
  }

  async #fetch() {
    try {
      while (this.#stale) {
        this.#stale = false;
        const asked = this.placeNow();
        const answer = await fetchState({ ...asked, newest: newest.get(asked.in) ?? "" });
        const now = this.placeNow();
        if (asked.as === now.as) this.#keep(answer, asked);
        if (asked.as !== now.as || asked.in !== now.in || asked.thread !== now.thread) this.#stale = true;
      }
      this.shown();
    } catch (error) {
      this.failed(error);
    } finally {
      this.#fetching = null;
    }
  }

  #keep(answer, { thread }) {
    this.state = { ...answer, askedThread: thread };
    kept.set(`${answer.me.id} ${answer.here}`, answer);
  }

  /** The messages of a conversation: as last seen there, until they are heard anew. */
  opened(conversationId) {
    const found = kept.get(`${this.state.me.id} ${conversationId}`);
    return found ? { messages: found.messages, earlier: found.earlier, loading: false } : { messages: [], earlier: 0, loading: true };
  }

  /** The thread's messages; its first one alone until the rest is heard, none when there is no such thread. */
  thread(conversationId, ts) {
    const { here, thread, askedThread } = this.state;
    if (!ts) return [];
    if (here === conversationId && askedThread === ts) return thread;
    return this.opened(conversationId).messages.filter((message) => message.ts === ts);
  }

  /** Show more of what was said before. */
  earlier(conversationId) {
    newest.set(conversationId, this.opened(conversationId).messages.length + MORE);
    return this.refresh();
  }
}
