import { nativeFormat } from '../../archive/native-code.ts';
import type { NativeSection, NativeTables } from './native-tables.ts';
import { readElf } from './read-elf.ts';
import { readMachO } from './read-mach-o.ts';
import { readPe } from './read-pe.ts';

/** What a compiled file shows without being run. Text in it is from the package. */
export type NativeFile = {
  readonly format: 'elf' | 'pe' | 'mach-o';
  /** Imports that reach the network, start programs or change other processes. */
  readonly risky: readonly string[];
  /** Names of shells, downloaders and addresses that stand in it. */
  readonly texts: readonly string[];
  /** How it was packed, when it was: its code is then not readable. */
  readonly packed?: string;
};

const READERS = { elf: readElf, pe: readPe, 'mach-o': readMachO } as const;

/**
 * Reads an ELF, PE or Mach-O file. Never throws on damaged ones.
 * @param isWanted false: what it imports and the texts in it are not looked for unless it was packed, because a search
 *   through hundreds of megabytes is only worth it for what will be told
 * @returns undefined when it is none of these, or neither wanted nor packed
 */
export function readNativeFile(bytes: Uint8Array, isWanted = true): NativeFile | undefined {
  const format = nativeFormat(bytes.subarray(0, 4096));
  if (format === undefined) return undefined;
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const { imports, sections } = readTables(READERS[format], file);
  const packed = packerOf(file, sections);
  if (!isWanted && packed === undefined) return undefined;
  return {
    format,
    risky: [...new Set(imports.filter((name) => RISKY.test(name)))].slice(0, 12),
    texts: textsOf(file),
    ...(packed !== undefined && { packed }),
  };
}

function readTables(read: (file: Buffer) => NativeTables, file: Buffer): NativeTables {
  try {
    return read(file);
  } catch (error) {
    // An offset that leads out of the file.
    if (error instanceof RangeError) return { imports: [], sections: [] };
    throw error;
  }
}

const RISKY =
  /^_{0,2}(?:connect|getaddrinfo|gethostbyname|execv[ep]{0,2}|execl[ep]{0,2}|system|popen|posix_spawnp?|fork|ptrace|memfd_create|dlopen|CreateProcess[AW]|WinExec|ShellExecute(?:Ex)?[AW]|URLDownloadToFile[AW]|InternetOpen(?:Url)?[AW]|WinHttpOpen|WSAStartup|VirtualAllocEx|WriteProcessMemory|CreateRemoteThread|RegSetValueEx[AW]|CryptUnprotectData|GetAsyncKeyState|SetWindowsHookEx[AW])$/;

/** Looked for as they stand. */
const NEEDLES = [
  'http://',
  'https://',
  '/bin/sh',
  '/bin/bash',
  'powershell',
  'cmd.exe',
  'curl ',
  'wget ',
  'crontab',
  'LaunchAgents',
  'CurrentVersion\\Run',
  'discord.com/api/webhooks',
  'api.telegram.org',
  'wallet.dat',
  'Login Data',
] as const;
const MAX_TEXTS = 8;
const MAX_TEXT = 120;

function textsOf(file: Buffer): string[] {
  const found: string[] = [];
  for (const needle of NEEDLES) {
    const at = file.indexOf(needle, 0, 'latin1');
    if (at === -1) continue;
    const [text = ''] = /^[\x20-\x7e]*/.exec(file.toString('latin1', at, at + MAX_TEXT)) ?? [];
    found.push(`${text.trim()} (offset ${at})`);
    if (found.length === MAX_TEXTS) break;
  }
  return found;
}

/** Names of sections that packers give. */
const PACKED_SECTIONS = /^(?:\.?UPX[0-9!]?|\.aspack|\.adata|\.petite|\.MPRESS[12]|\.vmp[0-9]|\.themida|\.enigma[12])$/i;
/** Bits per byte of a section beyond which it is compressed or encrypted; machine code has 6 to 6.5. */
const RANDOM_BITS = 7.6;
const CODE = /^(?:\.text|__text|CODE)$/;

function packerOf(file: Buffer, sections: readonly NativeSection[]): string | undefined {
  const named = sections.find(({ name }) => PACKED_SECTIONS.test(name));
  if (named !== undefined) return `section ${named.name}`;
  // UPX leaves its mark at the start and at the end of what it made, and a Linux program without sections.
  if (file.subarray(0, 4096).includes('UPX!') || file.subarray(-4096).includes('UPX!')) return 'UPX';
  const random = sections.find(
    ({ name, offset, size }) =>
      CODE.test(name) && size >= 32_768 && bitsPerByte(file.subarray(offset, offset + 65_536)) > RANDOM_BITS,
  );
  return random === undefined ? undefined : `section ${random.name} is random`;
}

/** Shannon entropy of bytes, 0 to 8. */
function bitsPerByte(bytes: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte]!++;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
  return bits;
}
