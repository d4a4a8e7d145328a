import { WheelgateError } from '../../src/core/errors.ts';

export const injected = new WheelgateError('STORE_FAILED', 'A fault that the test asked for', 'None.');

/** Wraps ports so that a test can make any of their calls fail. Everything that a port does is asynchronous. */
export class Faults {
  /** `store.files.put`, `blobs.receive`, … in the order they came. */
  readonly calls: string[] = [];
  #shouldFail: (call: string, nth: number) => boolean = () => false;

  /** The port, and what hangs below it, under a name. */
  wrap<Port extends object>(name: string, port: Port): Port {
    return new Proxy(port, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (typeof key === 'symbol') return value;
        const path = `${name}.${key}`;
        if (typeof value === 'function')
          return (...args: unknown[]) => this.#call(path, () => value.apply(target, args));
        return typeof value === 'object' && value !== null ? this.wrap(path, value) : value;
      },
    });
  }

  /** From now on the nth call (from 0, over all ports) fails, and no other. */
  failOnly(nth: number): void {
    const start = this.calls.length;
    this.#shouldFail = (_, at) => at - start === nth;
  }

  /** From now on every call of this name fails. */
  failAlways(name: string): void {
    this.#shouldFail = (call) => call === name;
  }

  heal(): void {
    this.#shouldFail = () => false;
  }

  #call(path: string, run: () => unknown): unknown {
    const nth = this.calls.length;
    this.calls.push(path);
    return this.#shouldFail(path, nth) ? Promise.reject(injected) : run();
  }
}
