import { detectorSuite } from './detector.suite.ts';
import { macAddress } from './mac-address.ts';

detectorSuite(macAddress, {
  finds: [
    'MAC address: ⟦001A2B3C4D5E⟧',
    'mac ⟦00:1B:44:11:3A:B7⟧.',
    '⟦00-1b-44-11-3a-b7⟧',
    '⟦001b.4411.3ab7⟧',
    'x=⟦00:1b:44:11:3a:b7⟧;',
    '⟦AA:BB:CC:DD:EE:F0⟧ 1',
  ],
  passes: [
    '001A2B3C4D5E',
    'mac 000000000000',
    '00:00:00:00:00:00',
    'ff:ff:ff:ff:ff:ff',
    '00:1B:44:11:3A',
    '00:1B:44:11:3A:B7:01:02',
    '00:1B-44:11:3A:B7',
    'x00:1B:44:11:3A:B7',
    '10:15:00',
    '001b.4411.3ab7.1111',
    '12.3456.7',
  ],
  hostile: ['00:', '00-', '0', '001b.', '00:1B:44:11:3A:', 'a:b'],
});
