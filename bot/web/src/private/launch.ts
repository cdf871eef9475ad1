// First of all: what stands behind the address goes.  Inside a messenger app it names the child (D12), so nothing of it is
// kept, read further or sent; only that it was there.  This module is imported before every other one.

const behind = location.hash + location.search;

/** Whether the page was opened inside Telegram. */
export const inMessenger = /tgWebApp/i.test(behind);

/** The language that the chat was in, or "". */
export const languageAsked = /[?&#]lang=([A-Za-z-]{2,16})(?:[&#]|$)/.exec(behind)?.[1] ?? "";

if (behind !== "") history.replaceState(null, "", location.pathname);
