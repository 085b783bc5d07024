import { z } from 'zod';

const CIDR = /^(?:[0-9]{1,3}\.){3}[0-9]{1,3}\/(?:[0-9]|[12][0-9]|3[0-2])$/;
const ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:[A-Za-z0-9:/_.+=,@-]{1,1024}$/;

export const cidr = z.string().regex(CIDR, { error: 'expected a range such as `10.40.0.0/16`' });

export const arn = z.string().regex(ARN, { error: 'expected an ARN' });

/** An id that AWS gives, by what it begins with. */
export function idOf(kind: string) {
  return z
    .string()
    .regex(new RegExp(`^${kind}-[0-9a-f]{8,17}$`), { error: `expected an id such as \`${kind}-0a1b2c3d\`` });
}
