const entry = (page: Document) => page.querySelector('script[type="module"][src]')?.getAttribute("src") ?? null;

/**
 * Whether the server has another build of this page by now: it was upgraded while the page was open.
 *
 * The script that a page begins with has its build in its name. A server that cannot be asked says nothing.
 */
export async function isOutdated(): Promise<boolean> {
  try {
    const answer = await fetch("/", { cache: "no-store", headers: { accept: "text/html" } });
    const theirs = answer.ok ? entry(new DOMParser().parseFromString(await answer.text(), "text/html")) : null;
    return theirs !== null && theirs !== entry(document);
  } catch {
    return false;
  }
}
