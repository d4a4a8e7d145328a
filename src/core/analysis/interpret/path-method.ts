import { TAINT } from '../values/taint.ts';
import {
  type CallShape,
  external,
  firstOf,
  HOLE,
  plainText,
  taintOf,
  text,
  unknown,
  type Value,
} from '../values/value.ts';
import { fileContent, reportWrite } from './files.ts';
import { type Frame, type Run, report } from './run.ts';

/** Methods of pathlib paths, which the analysis keeps as texts; undefined for any other method. */
export function callPathMethod(
  run: Run,
  receiver: Value,
  name: string,
  call: CallShape,
  frame: Frame,
  at: number,
): Value | undefined {
  if (receiver.kind !== 'text') return undefined;
  const taint = receiver.taint;
  switch (name) {
    case 'write_text':
    case 'write_bytes':
      reportWrite(run, frame, at, `pathlib.Path().${name}`, receiver, call.args[0] ?? unknown());
      return unknown();
    case 'read_text':
    case 'read_bytes':
      return fileContent(run, receiver, frame, name === 'read_text');
    case 'open':
      return run.call(
        external('builtins.open'),
        { args: [receiver, ...call.args], keywords: call.keywords },
        frame,
        at,
      );
    case 'joinpath':
      return text(
        [receiver, ...call.args].map((each) => plainText(firstOf(each)) ?? HOLE).join('/'),
        taint | taintOf(call.args),
      );
    case 'expanduser':
    case 'resolve':
    case 'absolute':
    case 'as_posix':
      return receiver;
    case 'with_suffix':
    case 'with_name': {
      const given = plainText(firstOf(call.args[0] ?? unknown())) ?? HOLE;
      const end = name === 'with_name' ? /[^\\/]*$/ : /(?:\.[^.\\/]*)?$/;
      return text(
        receiver.value.replace(end, () => given),
        taint,
      );
    }
    case 'unlink':
    case 'rmdir':
      report(run, frame, at, {
        kind: 'call',
        role: 'delete',
        name: `pathlib.Path().${name}`,
        call: { args: [receiver], keywords: new Map() },
        taint,
      });
      return unknown();
    case 'chmod':
      report(run, frame, at, {
        kind: 'call',
        role: 'permit',
        name: 'pathlib.Path().chmod',
        call: { args: [receiver, ...call.args], keywords: new Map() },
        taint,
      });
      return unknown();
    case 'glob':
    case 'rglob':
    case 'iterdir':
      return {
        kind: 'list',
        type: 'list',
        items: [text(`${receiver.value}/${HOLE}`, taint)],
        open: true,
        taint: taint | TAINT.host,
      };
    default:
      return undefined;
  }
}
