/**
 * Measures every subject once per round, each round in the opposite order of the last one: whatever drifts on the machine
 * meanwhile hits all of them alike, and figures of one round can be divided by each other.
 * @returns per subject the results of all rounds, in order
 */
export async function interleave<Subject, Result>(
  subjects: readonly Subject[],
  rounds: number,
  measure: (subject: Subject) => Promise<Result>,
): Promise<ReadonlyMap<Subject, readonly Result[]>> {
  const results = new Map<Subject, Result[]>(subjects.map((subject) => [subject, []]));
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? subjects : [...subjects].reverse();
    for (const subject of order) results.get(subject)!.push(await measure(subject));
  }
  return results;
}
