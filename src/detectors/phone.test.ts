import { expect, it } from 'vitest';
import { detectorSuite } from './detector.suite.ts';
import { phone } from './phone.ts';
import { scanText } from './scanner.ts';

detectorSuite(phone, {
  finds: [
    '⟦+49 30 901820⟧',
    '⟦+14155552671⟧',
    '⟦+41 (0)44 668 18 00⟧',
    '⟦+44 20 7946 0958 ext. 12⟧',
    '⟦+1-903-555-4508x769⟧',
    '⟦+1 (415) 555-2671⟧',
    '⟦001-253-366-9781⟧',
    'ring ⟦(415) 555-2671⟧ or ⟦415-555-2671⟧, ⟦415.555.2671⟧; ⟦1-415-555-2671⟧',
    '⟦020 7946 0958⟧',
    '⟦01.84.17.61.18⟧',
    '⟦030/901820⟧',
    '⟦(030) 901820⟧',
    '⟦(71) 4233-6306⟧',
    'Phone: ⟦467 3395⟧',
    'Fax no. ⟦9498777106⟧',
    'call me at ⟦9472 7916⟧',
    'reach us on ⟦60-56-85-91⟧',
    '⟦＋４９ ３０ ９０１８２０⟧',
    'fax ⟦+49 30 901820 4111⟧ 1111 1111',
    '⟦0221 470 1234⟧ 2024 11',
  ],
  passes: [
    '4155552671',
    'order 112-3456789-1234567',
    'invoice 20240517-001',
    '2024-05-17 12:30:45',
    '17.05.2024 10:00',
    '01.02.2024 10',
    '07/11/1999 08',
    'version 10.15.7.2024',
    '203.0.113.77',
    'ISBN 978-3-16-148410-0',
    '1,234,567.89',
    '$4,512.30',
    '3.14159265358979',
    '536-90-4399',
    '+1 12',
    '+999 1234567',
    '1 + 2 - 3',
    'call 12',
    'phone: 2024-05-17',
    'mobile: 17.05.2024',
    'headphone 1234567',
    '4111 1111 1111 1111',
    '100 200 300 400',
    'RFC 9162 and 550e8400-e29b-41d4-a716-446655440000',
  ],
  hostile: ['1-', '+', '+1', '(', '0 ', '1 ', '1', '012 ', '(041) ', '+1 (', 'phone ', 'call me at 1', '555-'],
});

it.each([
  ...['phone', 'telephone', 'Telefon', 'mobile', 'cell', 'fax', 'tel', 'Handy', 'WhatsApp', 'desk', 'call', 'dial'],
  ...['answering me on', 'contact us at', 'reach him on', 'text her at'],
])('finds a number behind `%s`', (label) => {
  expect(scanText([phone], `${label} 467 3395`)).toHaveLength(1);
});
