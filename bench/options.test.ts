import { expect, it } from 'vitest';
import { choose, parseCommand } from './options.ts';

it('compares gateways in full where nothing else is asked', () => {
  expect(parseCommand([])).toEqual({ bench: 'gateways', options: { quick: false } });
});

it('reads a bench and its options in any order', () => {
  expect(
    parseCommand(['--quick', 'soak', '--json', 'rows.json', '--targets', 'floor,sallyport', '--rounds=3']),
  ).toEqual({
    bench: 'soak',
    options: { quick: true, jsonFile: 'rows.json', targets: ['floor', 'sallyport'], rounds: 3 },
  });
});

it.each([[['--rounds', '0']], [['--rounds', 'many']], [['soak', 'scale']], [['--fast']]])('refuses %j', (args) => {
  expect(() => parseCommand(args)).toThrow(TypeError);
});

it('chooses by name, in the order of the table, and refuses a name it does not have', () => {
  const table = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
  expect(choose(table, undefined)).toEqual(table);
  expect(choose(table, ['c', 'a'])).toEqual([{ name: 'a' }, { name: 'c' }]);
  expect(() => choose(table, ['d'])).toThrow('`d` is not among a, b, c');
});
