/** A member of a distribution. */
export type PackageFile = { readonly path: string; readonly bytes: Uint8Array };
