import { readFile } from 'node:fs/promises';
import type { Inspection } from '../../src/core/policy/evidence.ts';
import type { Inspector } from '../../src/gate/ports.ts';
import { anInspection } from '../builders/an-evidence.ts';

/** An inspector that a test scripts by file name, and that reads the bytes it is given. */
export class FakeInspector implements Inspector {
  engine = 'fake-1';
  /** File names in the order they came. */
  readonly calls: string[] = [];
  readonly #results = new Map<string, Inspection | Error>();
  #until: Promise<void> | undefined;

  /** What files of this name give from now on; quiet ones are complete and have found nothing. */
  set(filename: string, result: Inspection | Error): void {
    this.#results.set(filename, result);
  }

  /** From now on no inspection ends before the returned function is called. */
  hang(): () => void {
    let release = () => {};
    // As a worker thread would, this keeps the process alive; not for ever, for a test may fail before it releases.
    const thread = setTimeout(() => undefined, 20_000);
    this.#until = new Promise<void>((resolve) => {
      release = resolve;
    }).finally(() => clearTimeout(thread));
    return () => {
      this.#until = undefined;
      release();
    };
  }

  async inspect(path: string, filename: string): Promise<Inspection> {
    this.calls.push(filename);
    await readFile(path);
    await this.#until;
    const result = this.#results.get(filename) ?? anInspection();
    if (result instanceof Error) throw result;
    return result;
  }
}
