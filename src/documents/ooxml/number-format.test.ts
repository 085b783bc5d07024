import { describe, expect, it } from 'vitest';
import { showNumber, toNumberFormat } from './number-format.ts';

const show = (value: string, code?: string, id = 164) => showNumber(value, toNumberFormat(id, code));

describe('a number in a cell', () => {
  it.each([
    ['4111111111111111', '4111111111111111'],
    ['4.111111111111111E+15', '4111111111111111'],
    ['4.1111111111111112E15', '4111111111111111.2'],
    ['-1.5e3', '-1500'],
    ['1.25E-2', '0.0125'],
    ['0.1', '0.1'],
    ['1E+999', `1${'0'.repeat(999)}`],
    ['1E+9999', '1E+9999'],
    ['not a number', 'not a number'],
    ['', ''],
  ])('%s has all its digits, and no exponent', (value, shown) => {
    expect(show(value, undefined, 0)).toBe(shown);
  });

  it.each([
    ['12345678', '000-00-0000', '012-34-5678'],
    ['12345678', '000\\-00\\-0000', '012-34-5678'],
    ['5551234', '[<=9999999]###-####;(###) ###-####', '555-1234'],
    ['8005551234', '[<=9999999]###-####;(###) ###-####', '(800) 555-1234'],
    ['4111111111111111', '0000 0000 0000 0000', '4111 1111 1111 1111'],
    ['123456789', '"SSN 0" 000-00-0000', 'SSN  123-45-6789'],
    ['1234567890', '000-00-0000', '1234-56-7890'],
    ['42', '00000', '00042'],
    ['42', '?????', '   42'],
    ['-42', '0000', '-0042'],
    ['4.2', '0000', '4.2'],
    ['42', '###-####', '42'],
  ])('%s in %s is %s', (value, code, shown) => {
    expect(show(value, code)).toBe(shown);
  });

  it.each(['General', '0.00', '#,##0', '0%', '0.00E+00', '@', '""', ';;;', '"0"', '#'])(
    'in %s loses no digit',
    (code) => {
      expect(show('4111111111111111', code)).toBe('4111111111111111');
    },
  );

  it.each([
    ['30753', 14, undefined, '1984-03-12'],
    ['30753.5', 22, undefined, '1984-03-12 12:00:00'],
    ['0.75', 20, undefined, '18:00:00'],
    ['59', 14, undefined, '1900-02-28'],
    ['61', 14, undefined, '1900-03-01'],
    ['30753', 164, 'yyyy\\-mm\\-dd', '1984-03-12'],
    ['30753', 164, '[$-409]d" of "mmmm', '1984-03-12'],
    ['-1', 14, undefined, '-1'],
    ['4111111111111111', 14, undefined, '4111111111111111'],
    ['1', 1, undefined, '1'],
  ])('%s in format %i %s is %s', (value, id, code, shown) => {
    expect(show(value, code, id)).toBe(shown);
  });

  it('counts days from 1904 where the workbook says so', () => {
    expect(showNumber('29291', toNumberFormat(14, undefined), true)).toBe('1984-03-12');
  });
});
