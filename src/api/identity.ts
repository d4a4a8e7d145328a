import { z } from 'zod';
import { ROLES } from '../core/identity/identity.ts';
import { LABEL } from '../core/identity/token.ts';
import { USER_NAME } from '../core/identity/user.ts';

/** Fields that users and tokens share. */
export const roles = z.array(z.enum(ROLES)).max(ROLES.length);
export const indexes = z.array(z.string()).min(1).max(100);
export const label = z
  .string()
  .regex(LABEL, 'use letters, digits and . _ - / @ +, at most 64, with a letter or digit first');
export const userName = z
  .string()
  .regex(USER_NAME, 'use lower-case letters, digits and . _ @ + -, at most 64, with a letter or digit first');
