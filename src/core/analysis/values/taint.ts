/** Where a value came from, as a bit set: a value derived from tainted ones carries all their bits. */
export const TAINT = {
  /** One environment variable. */
  environment: 1,
  /** All of the environment. */
  allEnvironment: 2,
  /** Host name, user, platform, addresses. */
  host: 4,
  /** A credential file, browser store or wallet: its path or its content. */
  credential: 8,
  /** Content of some file. */
  file: 16,
  /** A response from the network. */
  network: 32,
  /** Came out of a decoder (base-N, hex, compression, XOR, character codes). */
  decoded: 64,
  /** Came out of a cipher. */
  decrypted: 128,
  /** Output of a command. */
  output: 256,
  clipboard: 512,
  /** Screen, keyboard or camera. */
  recording: 1024,
  /** An argument of a function that only others call. */
  parameter: 2048,
  /** A path to which a network response was written. */
  downloadedFile: 4096,
  /** A path to which decoded bytes or program text were written. */
  droppedFile: 8192,
  /** A connected socket. */
  socket: 16384,
  /** Content of a file of this package. */
  packageFile: 32768,
  /** Content of a file that is no source code: data, a picture, a sound. */
  dataFile: 65536,
  /** A caller's argument whose name says that it is a private key, a recovery phrase or the like. */
  secretArgument: 131072,
} as const;

export const CONCEALED = TAINT.decoded | TAINT.decrypted;
