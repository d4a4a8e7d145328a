/** Reads a list of the API to its end. @param read one page, by the cursor that the page before gave */
export async function readAll<Page extends { readonly next: string | null }>(
  read: (cursor: string | undefined) => Promise<Page>,
): Promise<readonly Page[]> {
  const pages = [await read(undefined)];
  for (let { next } = pages[0]!; next !== null; ) {
    const page = await read(next);
    pages.push(page);
    next = page.next;
  }
  return pages;
}
