import { detectorSuite } from './detector.suite.ts';
import { driverLicense } from './driver-license.ts';

detectorSuite(driverLicense, {
  finds: [
    "My driver's license number is ⟦A125325867⟧.",
    "driver's license ⟦425700624⟧",
    'drivers licence: ⟦D123-4567-8901⟧',
    'driving licence MORGA657054SM9IJ'.replace('MORGA657054SM9IJ', '⟦MORGA657054SM9IJ⟧'),
    'DL: ⟦B1234567⟧',
    'DL# ⟦123 456 789⟧',
    'Führerscheinnummer: ⟦B072RRE2I55⟧',
    'permis de conduire n° ⟦123456789012⟧',
    '"driverLicense": "⟦A1234567⟧"',
  ],
  passes: [
    'A1234567',
    "my driver's license is expired",
    "driver's license of 12",
    "driver's license since 2020-01-02",
    'DL 12',
    "driver's license {DRIVER_ID} A1234567",
    'the driver 12345678',
  ],
  hostile: ['DL ', "driver's license ", 'DL A1', '123 ', "driver's license number is a"],
});
