import { expect, it } from 'vitest';
import { toNetwork } from './source-network.ts';

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['2600::5:1:2:3:4', '2600:0:0:5'],
  ['2600::5:9:9:9:9', '2600:0:0:5'],
  ['2600:1::4:5:6:7:8', '2600:1:0:4'],
])('counts %s to %s', (source, network) => {
  expect(toNetwork(source)).toBe(network);
});
