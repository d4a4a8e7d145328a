/** Requests to a gate that run at once. */
const AT_ONCE = 8;

/** Asks for each item, a few at a time; the answers keep the order of the items. */
export async function inGroups<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    answers.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(ask))));
  }
  return answers;
}
