// The three words that a Mini App says to Telegram, instead of Telegram's own script, which would be a stranger's code in
// the page where children write (D12).  Nothing is listened to.

const TELEGRAM = "https://web.telegram.org";

interface Proxy {
  postEvent(name: string, data: string): void;
}

/** Tell the app around us: the page is there, wants the whole height, or wants to be closed. */
export function tellApp(what: "ready" | "expand" | "close"): void {
  const proxy = (globalThis as { TelegramWebviewProxy?: Proxy }).TelegramWebviewProxy;
  try {
    if (proxy !== undefined) proxy.postEvent(`web_app_${what}`, "{}");
    else if (window.parent !== window) window.parent.postMessage(JSON.stringify({ eventType: `web_app_${what}`, eventData: {} }), TELEGRAM);
  } catch {
    // An app that does not listen: the page works without it.
  }
}
