/**
 * Runs at most one call per key at a time; callers that come meanwhile share its outcome, failures included.
 * Nothing is remembered after it settled.
 */
export function createSingleFlight<T>(): (key: string, run: () => Promise<T>) => Promise<T> {
  const flying = new Map<string, Promise<T>>();
  return (key, run) => {
    const there = flying.get(key);
    if (there) return there;
    const flight = run().finally(() => flying.delete(key));
    flying.set(key, flight);
    return flight;
  };
}
