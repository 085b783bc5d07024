import { join } from 'node:path';

/** Where everything lies that is installed on demand. Git does not see it. */
export const installed = join(import.meta.dirname, '.installed');
